import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stalled } from '../../daemon/errors.ts';
import type { PublishRequest } from '../../daemon/git/status-branch.ts';
import { GitRig } from './git-rig.ts';
import { statusOf as status } from './status-of.ts';

const REF = 'refs/heads/anchord-status/motoko';

function at(hour: number, files: Readonly<Record<string, string>>): PublishRequest {
  return { ...status(files), time: new Date(Date.UTC(2026, 10, 21, hour)) };
}

test('of two daemons with one host name the elder stops and says so, and goes on when the other is gone', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const elder = await rig.openStatus(upstream, 'elder');
  const younger = await rig.openStatus(upstream, 'younger');
  await elder.publish(at(3, { a: 'elder' }));
  const taken = await younger.publish(at(4, { a: 'younger' }));

  const fault = await elder.publish(at(5, { a: 'elder' })).catch((error: unknown) => error);
  assert.ok(fault instanceof Stalled);
  assert.equal(fault.reason, 'BranchTaken');
  assert.match(fault.message, /another daemon writes to anchord-status\/motoko/);
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', REF]), taken.commit);
  const next = await younger.publish(at(6, { a: 'younger still' }));
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${next.commit}^`]), taken.commit);

  await assert.rejects(elder.publish(at(24, { a: 'elder' })), { reason: 'BranchTaken' });
  const [, url, ref] = /git push (\S+) (:\S+)$/.exec(fault.next ?? '') ?? [];
  await rig.git(['-C', upstream, 'push', '--quiet', url ?? '', ref ?? '']);
  assert.equal((await elder.publish(at(25, { a: 'elder' }))).kind, 'published');
  await younger.publish(at(26, { a: 'younger' })).catch(() => undefined);
});

test('a daemon whose name-sake was silent for more than a day takes the branch over', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const elder = await rig.openStatus(upstream, 'elder');
  await elder.publish(at(3, { a: 'elder' }));
  const gone = await (await rig.openStatus(upstream, 'gone')).publish(at(4, { a: 'gone' }));

  await assert.rejects(elder.publish(at(28, { a: 'elder' })), { reason: 'BranchTaken' });
  const { commit } = await elder.publish(at(30, { a: 'elder' }));

  assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${commit}^`]), gone.commit);
});

test('a restarted daemon, and a branch moved back to what an earlier one wrote, are no second daemon', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const first = await (await rig.openStatus(upstream)).publish(at(3, { a: '1' }));
  const restarted = await rig.openStatus(upstream);
  await restarted.publish(at(4, { a: '2' }));

  await rig.git(['-C', upstream, 'update-ref', REF, first.commit]);
  const { kind, commit } = await restarted.publish(at(5, { a: '3' }));

  assert.equal(kind, 'published');
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${commit}^`]), first.commit);
});
