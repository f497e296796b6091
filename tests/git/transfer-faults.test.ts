import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { isFault } from '../../daemon/errors.ts';
import { GitRig } from './git-rig.ts';
import { HttpGitServer, type HttpFault } from './http-git-server.ts';
import { statusOf } from './status-of.ts';

const REF = 'refs/heads/anchord-status/motoko';

/** git push waits for ever for the rest of a report that was cut off cleanly: only our own limit ends it. */
const HASTY = { stallSeconds: 1, remoteMs: 3_000 };

const FAULTS: readonly HttpFault[] = [
  { kind: 'cut' },
  { kind: 'early-end' },
  { kind: 'flip' },
  { kind: 'stall' },
  { kind: 'deaf' },
  { kind: 'status', status: 503 },
];

for (const fault of FAULTS) {
  test(`a push of the status that suffers ${fault.kind} is whole or not there, and the next one lands`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    await using server = await HttpGitServer.start(rig.dir);
    const branch = await rig.openStatus(server.url('up.git'), 'status', { writer: 'one' });
    const hasty = await rig.openStatus(server.url('up.git'), 'status', { writer: 'one', limits: HASTY });
    await branch.publish(statusOf({ a: '1' }));
    server.faultOn = 'push';
    server.fault = fault;

    const failed = await hasty.publish(statusOf({ a: '2' })).catch((error: unknown) => error);
    // What was cut off may have been carried out before; then nobody is worse off.
    if (failed instanceof Error) assert.ok(isFault(failed), String(failed));
    const seen = await rig.git(['-C', upstream, 'show', `${REF}:a`]);
    assert.ok(seen === '1' || seen === '2', seen);
    await assertWhole(rig, rig.path('state/status.git'));
    server.fault = undefined;
    await branch.publish(statusOf({ a: '3' }));

    assert.equal(await rig.git(['-C', upstream, 'show', `${REF}:a`]), '3');
    assert.equal(await rig.git(['-C', upstream, 'fsck', '--no-dangling', '--no-progress']), '');
  });

  test(`a branch whose fetch suffers ${fault.kind} is left as it is, and the status goes on top of it later`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    const noise = randomBytes(50_000);
    const foreign = await rig.commit(upstream, { noise }, { branch: 'anchord-status/motoko' });
    await using server = await HttpGitServer.start(rig.dir);
    const branch = await rig.openStatus(server.url('up.git'), 'status', { writer: 'one' });
    const hasty = await rig.openStatus(server.url('up.git'), 'status', { writer: 'one', limits: HASTY });
    server.faultOn = 'fetch';
    server.fault = fault;

    await assert.rejects(hasty.publish(statusOf({ a: '1' })), isFault);
    assert.equal(await rig.git(['-C', upstream, 'rev-parse', REF]), foreign);
    server.fault = undefined;
    await branch.publish(statusOf({ a: '1' }));

    assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${REF}^`]), foreign);
    await assertWhole(rig, rig.path('state/status.git'));
  });
}

for (const at of [0.02, 0.3, 0.7, 0.98]) {
  for (const kind of ['cut', 'early-end', 'flip'] as const) {
    test(`a large fetch with ${kind} after ${at * 100} % changes nothing, and the next one succeeds`, async () => {
      await using rig = await GitRig.make();
      const upstream = await rig.init('up.git');
      const before = await rig.commit(upstream, { 'common/a': '1' });
      await using server = await HttpGitServer.start(rig.dir);
      const repo = await rig.openState(server.url('up.git'));
      await repo.fetch();
      await repo.trust(before);
      const after = await rig.commit(upstream, { 'common/a': '2', noise: randomBytes(300_000) });
      server.faultOn = 'fetch';
      server.fault = { kind, at };

      await assert.rejects(repo.fetch({ revision: after, trusted: before }), isFault);
      const mirror = rig.path('state/mirror.git');
      assert.equal(await rig.git(['--git-dir', mirror, 'rev-parse', 'refs/anchord/trusted']), before);
      await assertWhole(rig, mirror);
      server.fault = undefined;

      assert.equal(await repo.fetch({ revision: after, trusted: before }), after);
      assert.equal(await repo.descends(before, after), true);
    });
  }
}

/** No ref without its objects, no damaged object, and nothing half-written left behind. */
async function assertWhole(rig: GitRig, repository: string): Promise<void> {
  assert.equal(await rig.git(['--git-dir', repository, 'fsck', '--no-dangling', '--no-progress']), '');
  const names = await readdir(repository, { recursive: true });
  assert.deepEqual(
    names.filter((name) => /\.lock$|tmp_/.test(name)),
    [],
  );
}
