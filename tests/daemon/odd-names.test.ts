import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { snapshot } from '../files/snapshot.ts';
import { HostRig } from '../rig/host-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

/** Names that mean something to a shell, Samba, rclone, restic, a URL or Markdown, and are only names. */
const ODD = [
  'with space',
  'brackets [1]',
  '100%',
  '%2e%2e',
  `quotes "' \``,
  '$HOME',
  '-rf',
  '~',
  '*',
  '..dots',
  '{braces}',
  'back\\slash',
  '<b>bold<b>',
  'Ünïcödé ☃',
];

let rig: HostRig;
let clone: StateClone;
before(async () => {
  rig = await HostRig.start();
  clone = rig.clone();
});
after(() => rig[Symbol.asyncDispose]());

test('names that are only odd are made exactly as written, and are told so everywhere', async () => {
  const paths = ODD.map((name) => `/data/odd/${name}`);
  const text = paths.map((path) => `  ${JSON.stringify(path)}: { mode: "0711" }\n`).join('');

  const revision = clone.push({ 'hosts/motoko/odd.yaml': `directories:\n${text}` });

  const status = await rig.untilReady(revision);
  assert.deepEqual(readdirSync(join(rig.root, 'data/odd')).toSorted(), ODD.toSorted());
  for (const path of paths) assert.equal(statSync(join(rig.root, path)).mode & 0o7777, 0o711);
  const ids = new Set(status.resources.items.map((item) => item.id));
  for (const path of paths) assert.ok(ids.has(`directory:${path}`), path);
  await rig.untilPublished((published) => published.source.applied === revision);
});

test('names of two directories that differ only in case or in Unicode form are two directories', async () => {
  const names = ['Photos', 'photos', 'caf\u00e9', 'cafe\u0301'];
  const text = names.map((name) => `  ${JSON.stringify(`/data/forms/${name}`)}: {}\n`).join('');

  const revision = clone.push({ 'hosts/motoko/forms.yaml': `directories:\n${text}` });

  await rig.untilReady(revision);
  assert.deepEqual(readdirSync(join(rig.root, 'data/forms')).toSorted(), names.toSorted());
});

/** Trees that git itself would never write, and that a hostile pusher can. */
const TREES: readonly { readonly what: string; readonly entries: (blob: string) => Buffer }[] = [
  {
    what: 'an entry called ..',
    entries: (blob) => Buffer.concat([entry('..', blob), entry('a.yaml', blob)]),
  },
  { what: 'an entry with a slash in its name', entries: (blob) => entry('../../etc/evil.yaml', blob) },
  {
    what: 'one name twice',
    entries: (blob) => Buffer.concat([entry('a.yaml', blob), entry('a.yaml', blob)]),
  },
  { what: 'an entry called .git', entries: (blob) => entry('.git', blob) },
];

for (const [index, { what, entries }] of TREES.entries()) {
  test(`a pushed tree with ${what} is refused, changes nothing, and a branch without it goes on`, async () => {
    const good = (await rig.status()).source.applied;
    const host = snapshot(rig.root);
    const from = rig.anchord.now();

    const revision = pushTree(entries);

    await rig.anchord.event('look.ended', (event) => event.revision === revision, from);
    const status = await rig.untilCondition('Fetched', 'False', 'RevisionUnreadable');
    const fetched = status.conditions.find((condition) => condition.type === 'Fetched');
    assert.match(fetched?.message ?? '', /fsck error.*take that commit out of the branch/);
    assert.equal(status.source.applied, good);
    assert.deepEqual(snapshot(rig.root), host);

    const text = `directories:\n  "/data/after ${what}": {}\n`;
    const mended = clone.push({ [`hosts/motoko/${index}.yaml`]: text }, '--force');
    await rig.untilReady(mended);
    assert.ok(existsSync(join(rig.root, `data/after ${what}`)));
  });
}

/** Pushes a commit whose folder of this host is exactly these raw entries. */
function pushTree(entries: (blob: string) => Buffer): string {
  const blob = write('blob', Buffer.from('host:\n  name: motoko\n  timezone: UTC\n'));
  const folder = write('tree', entries(blob));
  const hosts = write('tree', entry('motoko', folder, '40000'));
  const top = write('tree', entry('hosts', hosts, '40000'));
  const head = clone.git('rev-parse', 'HEAD').trim();
  const commit = clone.git('commit-tree', top, '-p', head, '-m', 'a tree that git would not write').trim();
  clone.git('push', '--quiet', 'origin', `${commit}:main`);
  return commit;
}

function entry(name: string, oid: string, mode = '100644'): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
}

function write(type: 'blob' | 'tree', content: Buffer): string {
  const args = ['hash-object', '-t', type, '-w', '--literally', '--stdin'];
  return execFileSync('git', args, { cwd: clone.dir, input: content, encoding: 'utf8' }).trim();
}
