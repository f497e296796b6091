import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Status } from '../../state-schema/generated/status.ts';
import { snapshot } from '../files/snapshot.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

const FOLDER = 'hosts/motoko';
const BAD = `${FOLDER}/bad.yaml`;

/** A push that must be refused, and what the daemon has to say of it. */
interface BadPush {
  readonly what: string;
  /** What the commit holds, or how it is made. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>> | ((clone: StateClone) => void);
  /** `file:line:column` of the first problem. */
  readonly at: string;
  readonly says: RegExp;
}

const PUSHES: readonly BadPush[] = [
  {
    what: 'a file that is not YAML',
    files: { [BAD]: 'directories:\n  /data/new: { mode: "0755"\n' },
    at: `${BAD}:3:1`,
    says: /this is not YAML/,
  },
  {
    what: 'a value of the wrong type',
    files: { [BAD]: 'directories:\n  /data/new: { mode: 755 }\n' },
    at: `${BAD}:2:22`,
    says: /mode/,
  },
  {
    what: 'a list where a map belongs',
    files: { [BAD]: 'directories:\n  - /data/new\n' },
    at: `${BAD}:2:3`,
    says: /directories/,
  },
  {
    what: 'an unknown key, with the nearest known one',
    files: { [BAD]: 'directories:\n  /data/new:\n    mod: "0755"\n' },
    at: `${BAD}:3:5`,
    says: /"mod".*mode/,
  },
  {
    what: 'an unknown top-level key, with the nearest known one',
    files: { [BAD]: '\ndirectory:\n  /data/new: {}\n' },
    at: `${BAD}:2:1`,
    says: /"directory".*directories/,
  },
  {
    what: 'a billion laughs',
    files: { [BAD]: billionLaughs() },
    at: `${BAD}:1:13`,
    says: /alias|anchor/i,
  },
  {
    what: 'values nested a thousand deep',
    files: { [BAD]: `directories: ${'['.repeat(1000)}${']'.repeat(1000)}\n` },
    at: `${BAD}:1:31`,
    says: /deep/,
  },
  {
    what: 'a file of ten megabytes',
    files: { [BAD]: `# ${'x'.repeat(10 * 1024 * 1024)}\ndirectories:\n  /data/new: {}\n` },
    at: `${BAD}:1:1`,
    says: /4194304 are the most/,
  },
  {
    what: 'bytes that are not UTF-8',
    files: { [BAD]: Buffer.from('directories:\n  /data/n\xe9w: {}\n', 'latin1') },
    at: `${BAD}:2:10`,
    says: /0xe9 is not UTF-8/,
  },
  {
    what: 'UTF-16, as some editors save it',
    files: { [BAD]: Buffer.from('\ufeffdirectories:\n  /data/new: {}\n', 'utf16le') },
    at: `${BAD}:1:1`,
    says: /not UTF-8/,
  },
  {
    what: 'a file that ends in .yml',
    files: { [`${FOLDER}/bad.yml`]: 'directories:\n  /data/new: {}\n' },
    at: `${FOLDER}/bad.yml:1:1`,
    says: /rename it to end in \.yaml/,
  },
  {
    what: 'a subfolder',
    files: { [`${FOLDER}/more/new.yaml`]: 'directories:\n  /data/new: {}\n' },
    at: `${FOLDER}/more:1:1`,
    says: /move them up/,
  },
  {
    what: 'a symbolic link out of the repository',
    files: (clone) => symlinkSync('/etc/passwd', join(clone.dir, BAD)),
    at: `${BAD}:1:1`,
    says: /symbolic link/,
  },
  {
    what: 'a submodule',
    files: addSubmodule,
    at: `${FOLDER}/sub:1:1`,
    says: /submodule/,
  },
  {
    what: 'a file name with a line end in it',
    files: { [`${FOLDER}/a\nb.yaml`]: 'directories:\n  /data/new: {}\n' },
    at: `${FOLDER}/a\\nb.yaml:1:1`,
    says: /no state file/,
  },
  {
    what: 'a path outside every volume',
    files: { [BAD]: 'directories:\n  /srv/new: {}\n' },
    at: `${BAD}:2:3`,
    says: /\/srv\/new/,
  },
  {
    what: 'a path of the system',
    files: { [BAD]: 'directories:\n  /etc/new: {}\n' },
    at: `${BAD}:2:3`,
    says: /\/etc\/new/,
  },
  {
    what: 'a path that climbs out with ..',
    files: { [BAD]: 'directories:\n  /data/../etc/new: {}\n' },
    at: `${BAD}:2:3`,
    says: /it holds \.\./,
  },
  {
    what: 'a path that is not absolute',
    files: { [BAD]: 'directories:\n  ../data/new: {}\n' },
    at: `${BAD}:2:3`,
    says: /an absolute path is expected/,
  },
  {
    what: 'a path with a line end in it',
    files: { [BAD]: 'directories:\n  "/data/new\\nline": {}\n' },
    at: `${BAD}:2:3`,
    says: /line end/,
  },
  {
    what: 'a link that leads out of every volume',
    files: { [BAD]: 'links:\n  /data/new: { target: ../../etc }\n' },
    at: `${BAD}:2:24`,
    says: /\.\.\/\.\.\/etc/,
  },
  {
    what: 'the same directory twice, with both places',
    files: { [BAD]: 'directories:\n  /data/work: {}\n' },
    at: `${FOLDER}/directories.yaml:2:3`,
    says: /\/data\/work/,
  },
  {
    what: 'a volume over the system',
    files: { [BAD]: 'volumes:\n  system: { mount: /etc, label: system }\n' },
    at: `${BAD}:2:20`,
    says: /\/etc/,
  },
  {
    what: 'a repository without this host',
    files: (clone) => {
      rmSync(join(clone.dir, FOLDER), { recursive: true });
      clone.commit({ 'hosts/batou/host.yaml': 'host:\n  name: batou\n  timezone: UTC\n' });
    },
    at: `${FOLDER}:1:1`,
    says: /no state file in hosts\/motoko/,
  },
];

let rig: HostRig;
let clone: StateClone;
before(async () => {
  rig = await HostRig.start();
  clone = rig.clone();
});
after(() => rig[Symbol.asyncDispose]());

for (const [index, { what, files, at, says }] of PUSHES.entries()) {
  test(`${what} is refused with its place, changes nothing, and a mended push goes on`, async () => {
    const good = (await rig.status()).source.applied;
    const host = snapshot(rig.root);
    const from = rig.anchord.now();

    const revision = pushBad(files);

    const rejected = await rig.anchord.event('revision.rejected', (one) => one.revision === revision, from);
    const status = await rig.until((now) => isRefused(now, rejected.fault.reason, revision));
    assert.equal(placeOf(status), at);
    assert.match(status.problems[0]?.message ?? '', says);
    assert.equal(status.source.applied, good);
    assert.equal((await rig.history()).passes[0]?.result, 'refused');
    assert.deepEqual(snapshot(rig.root), host);

    const mended = pushGood(`good-${index}`);
    const after = await rig.untilReady(mended);
    assert.deepEqual(after.problems, []);
    assert.ok(existsSync(join(rig.root, `data/good-${index}`)));
  });
}

test('anchord status says where a refused revision is wrong, and that it is not ready', async () => {
  const revision = pushBad({ [BAD]: 'directories:\n  /data/new:\n    mod: "0755"\n' });
  await rig.until((now) => isRefused(now, 'RevisionInvalid', revision));

  const [json, text] = await Promise.all([rig.command('status', '--json'), rig.command('status', '--check')]);

  assert.equal(placeOf(JSON.parse(json.stdout) as Status), `${BAD}:3:5`);
  assert.match(text.stdout, /hosts\/motoko\/bad\.yaml:3:5.*"mod"/);
  assert.equal(text.code, 1);
});

test('drift is put right while a refused revision stands', async () => {
  const revision = pushBad({ [BAD]: 'directories: 7\n' });
  await rig.until((now) => isRefused(now, 'RevisionInvalid', revision));
  const from = rig.anchord.now();
  rmdirSync(join(rig.root, 'data/work/today'));

  const { pass } = await rig.anchord.event('pass.ended', (event) => event.pass.repaired > 0, from);

  assert.equal(pass.repaired, 1);
  assert.equal(statSync(join(rig.root, 'data/work/today')).mode & 0o7777, 0o755);
  assert.equal((await rig.condition('Ready'))?.status, 'False');
});

/** Pushes the usual files and what is wrong besides. */
function pushBad(files: BadPush['files']): string {
  startOver();
  if (typeof files !== 'function') return clone.push({ ...STATE_FILES, ...files });
  clone.commit(STATE_FILES);
  files(clone);
  return clone.push({});
}

/** Pushes the usual files and a directory that is new. */
function pushGood(name: string): string {
  startOver();
  const text = `directories:\n  /data/${name}: { mode: "0750" }\n`;
  return clone.push({ ...STATE_FILES, [`${FOLDER}/good.yaml`]: text });
}

function startOver(): void {
  clone.git('rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.');
  clone.git('clean', '-d', '--force', '--quiet');
}

function isRefused(status: Status, reason: string, revision: string): boolean {
  const ready = status.conditions.find((condition) => condition.type === 'Ready');
  return status.source.attempted === revision && ready?.status === 'False' && ready.reason === reason;
}

function placeOf({ problems: [first] }: Status): string | undefined {
  return first === undefined ? undefined : `${first.file}:${first.line}:${first.column}`;
}

function billionLaughs(): string {
  const lines = ['laugh0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]'];
  for (let level = 1; level < 10; level++)
    lines.push(
      `laugh${level}: &l${level} [${Array(9)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\n`;
}

function addSubmodule(of: StateClone): void {
  mkdirSync(join(of.dir, FOLDER, 'sub'));
  const head = of.git('rev-parse', 'HEAD').trim();
  of.git('update-index', '--add', '--cacheinfo', `160000,${head},${FOLDER}/sub`);
}
