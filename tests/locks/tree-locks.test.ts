import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { systemClock } from '../../daemon/clock.ts';
import { lockTrees, treeLockOrder, type TreeLocks } from '../../daemon/locks/tree-locks.ts';

test('a tree is locked against itself and what is above and below it, and neighbours are not', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'anchord-trees-'));
  try {
    const held = await lock(stateDir, ['/flux/active', '/space/projects']);
    assert.ok(held.kind === 'held');

    const busy = await kinds(stateDir, [['/flux/active'], ['/space'], ['/flux/active/deep'], ['/']]);
    const free = await kinds(stateDir, [['/flux/scratch'], ['/space/media'], ['/flux/activex']]);
    await held.release();
    const after = await kinds(stateDir, [['/space'], ['/flux/active/deep']]);

    assert.deepEqual(busy, ['busy', 'busy', 'busy', 'busy']);
    assert.deepEqual(free, ['held', 'held', 'held']);
    assert.deepEqual(after, ['held', 'held']);
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
});

test('who cannot have all trees keeps none', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'anchord-trees-'));
  try {
    const held = await lock(stateDir, ['/space']);
    assert.ok(held.kind === 'held');

    const both = await lock(stateDir, ['/flux/active', '/space/projects']);
    const one = await kinds(stateDir, [['/flux/active']]);

    assert.equal(both.kind === 'busy' && both.tree, '/space');
    assert.equal(both.kind === 'busy' && both.holder?.pid, process.pid);
    assert.deepEqual(one, ['held']);
    await held.release();
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
});

test('all take the locks in one order, and each once', () => {
  const one = treeLockOrder(['/space/projects', '/flux/active']);
  const other = treeLockOrder(['/flux/active', '/space/projects']);

  assert.deepEqual(one, other);
  assert.deepEqual(
    one.map(({ path, mode }) => `${path} ${mode}`),
    ['/ shared', '/flux shared', '/flux/active exclusive', '/space shared', '/space/projects exclusive'],
  );
});

test('a tree that lies in another one of the same job is locked with it', () => {
  const modes = treeLockOrder(['/space', '/space/projects']).map(({ path, mode }) => `${path} ${mode}`);

  assert.deepEqual(modes, ['/ shared', '/space exclusive', '/space/projects exclusive']);
});

function lock(stateDir: string, trees: readonly string[]): Promise<TreeLocks> {
  return lockTrees(trees, { stateDir, clock: systemClock, waitMs: 0, signal: new AbortController().signal });
}

async function kinds(stateDir: string, asked: readonly (readonly string[])[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const trees of asked) {
    const answer = await lock(stateDir, trees);
    if (answer.kind === 'held') await answer.release();
    found.push(answer.kind);
  }
  return found;
}
