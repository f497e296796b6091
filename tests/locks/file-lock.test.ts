import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { acquireLock, type LockResult } from '../../daemon/locks/file-lock.ts';

test('an exclusive lock keeps everybody else out until it is released, and names its holder', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'locks', 'a.lock');
    const first = await held({ file, mode: 'exclusive' });

    assert.deepEqual(await acquireLock({ file, mode: 'exclusive' }), {
      kind: 'busy',
      holder: { pid: process.pid },
    });
    assert.equal((await acquireLock({ file, mode: 'shared' })).kind, 'busy');

    await first.release();
    await first.release();
    const second = await held({ file, mode: 'exclusive' });
    await second.release();
  });
});

test('shared locks stand beside each other and keep an exclusive one out', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'a.lock');
    const one = await held({ file, mode: 'shared' });
    const two = await held({ file, mode: 'shared' });
    await one.release();

    assert.equal((await acquireLock({ file, mode: 'exclusive' })).kind, 'busy');

    await two.release();
    await (await held({ file, mode: 'exclusive' })).release();
  });
});

test('a lock holds over processes, and kill -9 of its holder frees it', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'a.lock');
    const other = await startHolder(file);
    assert.deepEqual(await acquireLock({ file, mode: 'shared' }), {
      kind: 'busy',
      holder: { pid: other.pid },
    });

    const exit = once(other, 'exit');
    other.kill('SIGKILL');
    await exit;

    await (await held({ file, mode: 'exclusive' })).release();
  });
});

test('children started while a lock is held do not keep it alive', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'a.lock');
    const lock = await held({ file, mode: 'exclusive' });
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');

    await lock.release();
    const again = await acquireLock({ file, mode: 'exclusive' });
    child.kill();

    assert.equal(again.kind, 'held');
  });
});

test('a lock nobody refers to any more survives the garbage collector', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'a.lock');
    const code = `
      import { acquireLock } from ${JSON.stringify(new URL('../../daemon/locks/file-lock.js', import.meta.url).href)};
      await acquireLock({ file: process.argv[1], mode: 'exclusive' });
      gc(); await new Promise((resolve) => setImmediate(resolve)); gc();
      process.stdout.write('collected\\n');
      setInterval(() => {}, 60_000);`;
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');

    const result = await acquireLock({ file, mode: 'exclusive' });
    child.kill('SIGKILL');

    assert.equal(result.kind, 'busy');
  });
});

test('a link in the place of a lock file is refused', async () => {
  await inFolder(async (folder) => {
    await symlink('/etc/hostname', join(folder, 'a.lock'));

    await assert.rejects(acquireLock({ file: join(folder, 'a.lock'), mode: 'exclusive' }), { code: 'ELOOP' });
  });
});

async function startHolder(file: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('lock-holder.js', import.meta.url)), file, 'exclusive'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(answer.toString(), 'held\n');
  return child;
}

async function held(
  request: Parameters<typeof acquireLock>[0],
): Promise<Extract<LockResult, { kind: 'held' }>> {
  const result = await acquireLock(request);
  assert.ok(result.kind === 'held', 'the lock is busy');
  return result;
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-lock-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
