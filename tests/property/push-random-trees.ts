import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AnchordEvent } from '../../daemon/events.ts';
import { snapshot } from '../files/snapshot.ts';
import { HttpGitServer } from '../git/http-git-server.ts';
import type { Moment } from '../rig/anchord-process.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';
import { randomTree, type RandomEntry } from './random-tree.ts';
import type { Seeded } from './seeded.ts';

/**
 * Pushes one random tree after the other to a real daemon that looks over http. Each is either taken or refused with
 * file, line and column; the daemon lives, nothing outside its root changes, and a good push goes on in the end.
 */
export async function pushRandomTrees(random: Seeded, count: number): Promise<void> {
  await using rig = HostRig.make();
  const outside = join(rig.temp, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'untouched'), 'as it was\n');
  await using server = await HttpGitServer.start(join(rig.temp, 'git'));
  rig.configure({ repository: { url: server.url('upstream.git'), branch: 'main', interval: '1s' } });
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  const before = {
    outside: snapshot(outside),
    etc: snapshot(join(rig.root, 'etc')),
    names: readdirSync(rig.temp),
  };

  let refused = 0;
  for (let number = 1; number <= count; number += 1) {
    const what = `${random.words}, tree ${number} of ${count}`;
    const from = rig.anchord.now();
    const revision = await commit(rig, randomTree(random, outside));
    const said = await verdict(rig, revision, from);
    if (said.kind === 'revision.rejected') {
      refused += 1;
      assertPlaced(said, what);
    }
    assert.deepEqual(
      { outside: snapshot(outside), etc: snapshot(join(rig.root, 'etc')), names: readdirSync(rig.temp) },
      before,
      what,
    );
  }

  assert.notEqual(refused, 0, `${random.words}: nothing was wrong with any tree`);
  const good = Object.entries(STATE_FILES).map(([path, text]): RandomEntry => ({
    path: Buffer.from(path),
    mode: '100644',
    content: Buffer.from(text),
  }));
  const status = await rig.untilReady(await commit(rig, good));
  assert.deepEqual(status.problems, [], random.words);
  assert.equal((await rig.anchord.stop('SIGTERM')).code, 0, `${random.words}\n${rig.anchord.stderr}`);
}

type Verdict = Extract<AnchordEvent, { kind: 'revision.trusted' | 'revision.rejected' }>;

/** Waits until the daemon has judged a revision. */
async function verdict(rig: HostRig, revision: string, from: Moment): Promise<Verdict> {
  function isOfIt(event: Verdict): boolean {
    return event.revision === revision;
  }
  return Promise.race([
    rig.anchord.event('revision.trusted', isOfIt, from),
    rig.anchord.event('revision.rejected', isOfIt, from),
  ]);
}

function assertPlaced(
  { fault, problems }: Extract<Verdict, { kind: 'revision.rejected' }>,
  what: string,
): void {
  assert.match(fault.reason, /^(RevisionInvalid|HostMissing)$/, what);
  assert.notEqual(problems.length, 0, what);
  for (const { file, line, column, message } of problems) {
    const place = `${what}: ${file}:${line}:${column}: ${message}`;
    assert.match(file, /^(hosts\/motoko|common)/, place);
    assert.doesNotMatch(`${file}${message}`, /\p{Cc}/u, place);
    assert.ok(line >= 1 && column >= 1 && message !== '', place);
  }
}

/** Commits a tree on top of the branch, in a process of its own: the server that the daemon asks is in this one. */
async function commit(rig: HostRig, entries: readonly RandomEntry[]): Promise<string> {
  const parts = ['commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 6\nrandom\n'];
  const stream: Uint8Array[] = [
    Buffer.from(`${parts.join('')}from refs/heads/main^0\ndeleteall\n`),
    ...entries.flatMap(entryLines),
  ];
  const running = promisify(execFile)('git', ['--git-dir', rig.upstream, 'fast-import', '--quiet']);
  running.child.stdin?.end(Buffer.concat(stream));
  await running;
  const shown = await promisify(execFile)('git', ['--git-dir', rig.upstream, 'rev-parse', 'refs/heads/main']);
  return shown.stdout.trim();
}

function entryLines({ path, mode, content }: RandomEntry): readonly Uint8Array[] {
  if (mode === '160000')
    return [Buffer.from(`M ${mode} ${'12'.repeat(20)} `), quoted(path), Buffer.from('\n')];
  const head = [Buffer.from(`M ${mode} inline `), quoted(path), Buffer.from(`\ndata ${content.length}\n`)];
  return [...head, content, Buffer.from('\n')];
}

/** A path as git-fast-import(1) takes any bytes. */
function quoted(path: Uint8Array): Uint8Array {
  const escaped = [...path].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return Buffer.from(`"${escaped.join('')}"`);
}
