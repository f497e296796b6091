import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { packBytes } from '../../daemon/git/pack-bytes.ts';
import { GitRig } from './git-rig.ts';
import { HttpGitServer } from './http-git-server.ts';
import { statusOf } from './status-of.ts';

const LIMIT = 1024 * 1024;
const limits = { fetchBytes: LIMIT };

/** A large file that cannot be compressed. */
function film(bytes: number): Uint8Array {
  return randomBytes(bytes);
}

for (const kind of ['path', 'http'] as const) {
  test(`a push larger than the limit is refused over ${kind}, leaves nothing behind, and is not fetched twice`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    const good = await rig.commit(upstream, { 'common/a': '1' });
    await using server = await HttpGitServer.start(rig.dir);
    const repo = await rig.openState(kind === 'path' ? upstream : server.url('up.git'), { limits });
    await repo.fetch();
    const before = await packBytes(rig.path('state/mirror.git'));
    const huge = await rig.commit(upstream, { 'films/a.mkv': film(8 * LIMIT) });

    const expected = {
      name: 'Stalled',
      reason: 'FetchTooLarge',
      message: /it brings more than fetchLimit takes/,
      next: /raise repository\.fetchLimit/,
    };
    await assert.rejects(repo.fetch({ revision: huge, trusted: good }), expected);
    assert.equal(await packBytes(rig.path('state/mirror.git')), before);
    server.requests.length = 0;
    await assert.rejects(repo.fetch({ revision: huge, trusted: good }), expected);
    assert.equal(server.requests.length, 0);

    const mirror = rig.path('state/mirror.git');
    assert.equal(await rig.git(['--git-dir', mirror, 'rev-parse', 'refs/anchord/fetched']), good);
    assert.equal(await rig.git(['--git-dir', mirror, 'fsck', '--no-dangling', '--no-progress']), '');
    assert.equal((await repo.readState(good, 'motoko')).length, 1);
    const mended = await rig.commit(upstream, { 'common/a': '2' }, { parent: good });
    assert.equal(await repo.fetch({ revision: mended, trusted: good }), mended);
    assert.deepEqual(rig.events, []);
  });
}

test('many pushes below the limit do not fill the disk either', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { 'common/a': '0' });
  const repo = await rig.openState(upstream, { limits });
  await repo.fetch();
  let largest = 0;

  for (let number = 1; number <= 8; number += 1) {
    const revision = await rig.commit(upstream, {
      'common/a': `${number}`,
      [`films/${number - 1}`]: null,
      [`films/${number}`]: film(0.8 * LIMIT),
    });
    await repo.fetch({ revision }).catch((error: unknown) => {
      assert.match(String(error), /fetchLimit/);
    });
    largest = Math.max(largest, await packBytes(rig.path('state/mirror.git')));
  }

  assert.ok(largest <= 6 * LIMIT, `${largest} bytes`);
});

test('a status branch that somebody made huge is not fetched whole', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { film: film(8 * LIMIT) }, { branch: 'anchord-status/motoko' });
  const branch = await rig.openStatus(upstream, 'status', { limits });

  await assert.rejects(branch.publish(statusOf({ a: '1' })), { name: 'Stalled', reason: 'FetchTooLarge' });

  assert.ok((await packBytes(rig.path('state/status.git'))) <= LIMIT);
});
