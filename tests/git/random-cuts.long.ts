import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { isFault } from '../../daemon/errors.ts';
import { Seeded } from '../property/seeded.ts';
import { GitRig } from './git-rig.ts';
import { HttpGitServer } from './http-git-server.ts';
import { statusOf } from './status-of.ts';

const ROUNDS = 200;
const REF = 'refs/heads/anchord-status/motoko';

test(`after ${ROUNDS} transfers that break anywhere the last push wins, in both directions`, async (context) => {
  const random = Seeded.fromEnvironment();
  context.diagnostic(random.words);
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  let trusted = await rig.commit(upstream, { 'common/a': '0' });
  await using server = await HttpGitServer.start(rig.dir);
  const url = server.url('up.git');
  // git push waits for ever for the rest of a report that was cut off cleanly: only our own limit ends it.
  const limits = { stallSeconds: 1, remoteMs: 3_000 };
  const repo = await rig.openState(url);
  const branch = await rig.openStatus(url, 'status', { writer: 'one' });
  const hastyRepo = await rig.openState(url, { limits });
  const hastyBranch = await rig.openStatus(url, 'status', { writer: 'one', limits });
  await repo.fetch();

  for (let round = 1; round <= ROUNDS; round += 1) {
    const noise = randomBytes(random.below(100_000));
    const pushed = await rig.commit(upstream, { 'common/a': `${round}`, noise });
    server.fault = { kind: random.pick(['cut', 'early-end', 'flip', 'deaf']), at: random.next() };
    server.faultOn = random.pick(['fetch', 'push', 'all']);
    await hastyRepo.fetch({ revision: pushed, trusted }).then(
      (revision) => assert.equal(revision, pushed, random.words),
      (error: unknown) => assert.ok(isFault(error), `${random.words}: ${String(error)}`),
    );
    await hastyBranch
      .publish(statusOf({ round: `${round}` }))
      .catch((error: unknown) => assert.ok(isFault(error), `${random.words}: ${String(error)}`));

    if (random.below(4) === 0) continue;
    server.fault = undefined;
    assert.equal(await repo.fetch({ revision: pushed, trusted }), pushed, random.words);
    assert.equal(await repo.descends(trusted, pushed), true, random.words);
    const entries = await repo.readState(pushed, 'motoko');
    assert.equal(Buffer.from(entries[0]?.bytes ?? []).toString(), `${round}`, random.words);
    await repo.trust(pushed);
    trusted = pushed;
  }

  server.fault = undefined;
  await branch.publish(statusOf({ round: 'last' }));
  assert.equal(await rig.git(['-C', upstream, 'show', `${REF}:round`]), 'last');
  const last = await repo.tip();
  assert.equal(await repo.fetch({ revision: last, trusted }), last);
  for (const repository of [upstream, rig.path('state/mirror.git'), rig.path('state/status.git')])
    assert.equal(await rig.git(['--git-dir', repository, 'fsck', '--no-dangling', '--no-progress']), '');
});
