import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { watchRef } from '../../daemon/git/watch-ref.ts';
import { GitRig } from './git-rig.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

/** Counts calls, and lets a test wait for the next one. */
class Calls extends EventEmitter {
  count = 0;

  readonly call = (): void => {
    this.count += 1;
    this.emit('call');
  };

  async next(): Promise<void> {
    await once(this, 'call', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }
}

test('a push to the branch is seen within milliseconds', async (context) => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { a: '0' });
  const calls = new Calls();
  await using _watch = await watchRef({ url: upstream, branch: 'main', onChange: calls.call });
  const delays: number[] = [];

  for (let number = 1; number <= 5; number += 1) {
    const blob = await rig.git(['-C', upstream, 'commit-tree', '-m', `${number}`, 'main^{tree}']);
    const seen = calls.next();
    await rig.git(['-C', upstream, 'update-ref', 'refs/heads/main', blob]);
    const pushed = performance.now();
    await seen;
    delays.push(performance.now() - pushed);
  }

  context.diagnostic(
    `after git update-ref has ended: ${delays.map((delay) => delay.toFixed(1)).join(' ')} ms`,
  );
  // How long git itself takes, and who else has the machine, is not counted.
  assert.ok(Math.min(...delays) < 100, delays.join(' '));
});

test('other branches and other files are not our business', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('work', 'work-tree');
  await rig.commit(upstream, { a: '0' });
  const calls = new Calls();
  await using _watch = await watchRef({ url: upstream, branch: 'main', onChange: calls.call });

  await rig.commit(upstream, { a: '1' }, { branch: 'other' });
  await rig.commit(upstream, { a: '1' }, { branch: 'anchord-status/motoko' });
  await rig.commit(upstream, { a: '1' }, { branch: 'main2' });
  assert.equal(calls.count, 0);
  const seen = calls.next();
  await rig.commit(upstream, { a: '1' });
  await seen;
});

test('a branch with a slash in its name is followed, also through packing', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { a: '0' }, { branch: 'team/storage/main' });
  await rig.git(['-C', upstream, 'pack-refs', '--all', '--prune']);
  const calls = new Calls();
  await using _watch = await watchRef({ url: upstream, branch: 'team/storage/main', onChange: calls.call });

  const created = calls.next();
  await rig.commit(upstream, { a: '1' }, { branch: 'team/storage/main' });
  await created;
  const packed = calls.next();
  await rig.git(['-C', upstream, 'pack-refs', '--all', '--prune']);
  await packed;
  const again = calls.next();
  await rig.commit(upstream, { a: '2' }, { branch: 'team/storage/main' });
  await again;
});

test('a repository that vanishes and comes back, and one that comes later, are watched again', async () => {
  await using rig = await GitRig.make();
  const upstream = rig.path('up.git');
  const calls = new Calls();
  await using _watch = await watchRef({ url: upstream, branch: 'main', onChange: calls.call });

  const appeared = calls.next();
  await rig.init('up.git');
  await appeared;
  const pushed = calls.next();
  await rig.commit(upstream, { a: '0' });
  await pushed;
  await rename(upstream, rig.path('away'));
  const replaced = calls.next();
  await rig.init('up.git');
  await replaced;
  const pushedAgain = calls.next();
  await rig.commit(upstream, { a: '1' });
  await pushedAgain;
});

test('a linked work tree is watched where its branches are', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('work', 'work-tree');
  await rig.commit(upstream, { a: '0' });
  await rig.git(['-C', upstream, 'worktree', 'add', '--quiet', '-b', 'linked', rig.path('linked')]);
  const calls = new Calls();
  await using _watch = await watchRef({ url: rig.path('linked'), branch: 'main', onChange: calls.call });

  const seen = calls.next();
  await rig.commit(upstream, { a: '1' });
  await seen;
});

test('a remote on another machine cannot be watched', async () => {
  const calls = new Calls();

  assert.equal(
    await watchRef({ url: 'https://example.org/x.git', branch: 'main', onChange: calls.call }),
    undefined,
  );
});
