import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { AuditReport } from '../../daemon/audit/audit-report.ts';
import { segmentDays } from '../../daemon/audit/segment-files.ts';
import type { CommandResult } from '../rig/anchord-command.ts';
import { HostRig } from '../rig/host-rig.ts';
import { isReady } from '../rig/watched-daemon.ts';

const BRANCH = 'anchord-status/motoko';

test('the audit of a host that runs is right here and on its branch, also for an auditor with a clone', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished((status) => status.audit !== undefined && isReady(status));

  const [here, remote] = [
    await rig.command('audit', 'verify'),
    await rig.command('audit', 'verify', '--remote'),
  ];
  const clone = rig.clone();
  clone.git('checkout', '--quiet', BRANCH);
  const auditor = await rig.command('audit', 'verify', clone.dir, '--json');

  assert.deepEqual([here.code, remote.code], [0, 0], here.stderr + remote.stderr);
  assert.match(remote.stdout, /the status branch has the same lines up to number \d+, in \d+ commits/);
  assert.equal(auditor.code, 0, auditor.stderr);
  const status = JSON.parse(clone.git('show', 'HEAD:status.json')) as {
    audit: { seq: number; head: string };
  };
  const report = JSON.parse(auditor.stdout) as AuditReport;
  assert.deepEqual([report.head?.seq, report.head?.hash], [status.audit.seq, status.audit.head]);
});

test('an edited line is found by the running daemon, told in status, and kept off the branch', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished((status) => status.audit !== undefined && isReady(status));
  const file = await segmentOf(rig);
  overwrite(file, '"volume":"data"', '"volume":"date"');

  const found = await rig.command('audit', 'verify');
  const published = await rig.untilPublished((status) =>
    status.conditions.some(({ type, reason }) => type === 'Audited' && reason === 'AuditTampered'),
  );

  assert.equal(found.code, 7);
  assert.match(
    found.stderr,
    /line \d+ of .*\.jsonl was changed: found bytes with the SHA-256 [0-9a-f]{64}, expected/,
  );
  assert.match(found.stderr, /next: keep a copy of what is there, .*anchord audit verify --remote/);
  assert.match(published.summary.sentence, /Somebody changed the audit of motoko/);
  const clone = rig.clone();
  clone.git('checkout', '--quiet', BRANCH);
  assert.equal((await rig.command('audit', 'verify', clone.dir)).code, 0);

  // Put back as it was, it is right again.
  overwrite(file, '"volume":"date"', '"volume":"data"');
  assert.equal((await rig.command('audit', 'verify', '--remote')).code, 0);
});

test('what was done to the files while nothing ran is found by the command alone', async () => {
  await using rig = await HostRig.start();
  await rig.anchord.stop();
  const file = await segmentOf(rig);
  const text = readFileSync(file, 'utf8');
  const cases: readonly (readonly [string, () => void])[] = [
    ['a last line that is gone', () => writeFileSync(file, text.replace(/[^\n]+\n$/, ''))],
    ['two that changed places', () => writeFileSync(file, text.replace(/^(.+\n)(.+\n)/, '$2$1'))],
    ['one put in', () => writeFileSync(file, text.replace(/^(.+\n)/, '$1$1'))],
    ['a file that is gone', () => rmSync(file)],
  ];
  for (const [what, damage] of cases) {
    damage();
    const { code } = await rig.command('audit', 'verify');
    assert.equal(code, 7, what);
  }
});

test('a branch that was edited, cut short, replaced or removed is found by comparing with it', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished((status) => status.audit !== undefined && isReady(status));
  // One commit more, to go back by: all so far may be in a single one.
  const more = rig.clone().push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/more: {}\n' });
  await rig.untilPublished((status) => status.source.applied === more && isReady(status));
  await rig.anchord.stop();
  const intact = await verifyRemote(rig);
  const clone = rig.clone();
  clone.git('checkout', '--quiet', BRANCH);
  const tip = clone.git('rev-parse', 'HEAD').trim();
  const path = `audit/host/${(await segmentDays(join(rig.state, 'audit/host')))[0] ?? ''}.jsonl`;
  const text = readFileSync(join(clone.dir, path), 'utf8');
  function push(content: string): void {
    writeFileSync(join(clone.dir, path), content);
    clone.git('commit', '--quiet', '--all', '--message', 'an edit');
    clone.git('push', '--quiet', 'origin', `HEAD:${BRANCH}`);
  }
  function back(): void {
    clone.git('reset', '--quiet', '--hard', tip);
    clone.git('push', '--quiet', '--force', 'origin', `HEAD:${BRANCH}`);
  }

  push(text.replace('"volume":"data"', '"volume":"date"'));
  const edited = await verifyRemote(rig);
  back();
  push(text.replace(/[^\n]+\n$/, ''));
  const cut = await verifyRemote(rig);
  back();
  clone.git('push', '--quiet', '--force', 'origin', `HEAD~1:${BRANCH}`);
  const rewritten = await verifyRemote(rig);
  clone.git('push', '--quiet', 'origin', `:${BRANCH}`);
  const gone = await verifyRemote(rig);
  back();
  const again = await verifyRemote(rig);

  assert.deepEqual(kindsOf(intact), [0]);
  assert.deepEqual(kindsOf(edited), [7, 'edited']);
  assert.deepEqual(kindsOf(cut), [7, 'branch-truncated']);
  assert.deepEqual(kindsOf(rewritten), [7, 'branch-rewritten']);
  assert.deepEqual(kindsOf(gone), [7, 'branch-missing']);
  assert.deepEqual(kindsOf(again), [0]);
});

test('a remote that is away is not reachable, and says nothing of the chain here', async () => {
  await using rig = await HostRig.start();
  await rig.anchord.stop();
  rmSync(rig.upstream, { recursive: true });

  assert.equal((await verifyRemote(rig)).code, 6);
  assert.equal((await rig.command('audit', 'verify')).code, 0);
});

function verifyRemote(rig: HostRig): Promise<CommandResult> {
  return rig.command('audit', 'verify', '--remote', '--json');
}

function kindsOf({ code, stdout }: CommandResult): readonly unknown[] {
  return [code, ...(JSON.parse(stdout) as AuditReport).faults.map(({ kind }) => kind)];
}

async function segmentOf(rig: HostRig): Promise<string> {
  const folder = join(rig.state, 'audit/host');
  return join(folder, `${(await segmentDays(folder))[0] ?? ''}.jsonl`);
}

/** Edits a file in its place, as long as it was: the daemon may append to it meanwhile. */
function overwrite(file: string, from: string, to: string): void {
  const at = readFileSync(file).indexOf(from);
  assert.ok(at >= 0 && from.length === to.length);
  const open = openSync(file, 'r+');
  writeSync(open, to, at);
  closeSync(open);
}
