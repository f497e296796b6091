import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { hashLiveFile, type SnapshotFile } from '../../daemon/manifests/hash-live-file.ts';

const root = await mkdtemp(join(tmpdir(), 'anchord-live-'));
after(() => rm(root, { recursive: true }));

test('a file that is as the snapshot has it is hashed', async () => {
  const file = await made('plain/a\nb.txt', 'x'.repeat(3_000_000));

  assert.equal(
    await hash('plain/a\nb.txt', file),
    createHash('sha256').update('x'.repeat(3_000_000)).digest('hex'),
  );
});

test('one that was written to since is not, also when its time was set back', async () => {
  const file = await made('changed', 'one');
  const { mtime } = await stat(join(root, 'changed'));
  await writeFile(join(root, 'changed'), 'two');
  await utimes(join(root, 'changed'), mtime, mtime);

  assert.equal(await hash('changed', { ...file, mtime: (await seen('changed')).mtime }), undefined);
});

test('a planted link, a pipe and a missing file are passed over, at once', async () => {
  const file = await made('deep/er/a', 'secret');
  await rename(join(root, 'deep'), join(root, 'moved'));
  await symlink(join(root, 'moved'), join(root, 'deep'));
  await symlink(join(root, 'moved/er/a'), join(root, 'link'));
  execFileSync('mkfifo', [join(root, 'pipe')]);

  assert.equal(await hash('deep/er/a', file), undefined);
  assert.equal(await hash('link', file), undefined);
  assert.equal(await hash('pipe', file), undefined);
  assert.equal(await hash('none/at/all', file), undefined);
});

test('one that grows while it is read is not taken for the one in the snapshot', async () => {
  const file = await made('grows', 'x'.repeat(8_000_000));
  const hashing = hash('grows', file);
  await appendFile(join(root, 'grows'), 'more');

  assert.equal(await hashing, undefined);
});

async function made(name: string, content: string): Promise<SnapshotFile> {
  await mkdir(join(root, name, '..'), { recursive: true });
  await writeFile(join(root, name), content);
  return await seen(name);
}

/** As restic would tell of it: with nanoseconds. */
async function seen(name: string): Promise<SnapshotFile> {
  const { size, mtimeNs, ctimeNs } = await stat(join(root, name), { bigint: true });
  return { size: Number(size), mtime: iso(mtimeNs), ctime: iso(ctimeNs) };
}

function iso(ns: bigint): string {
  const whole = new Date(Number(ns / 1_000_000n)).toISOString();
  return whole.replace(/\.\d+Z$/, `.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`);
}

function hash(name: string, file: SnapshotFile): Promise<string | undefined> {
  return hashLiveFile({ root, names: name.split('/'), signal: new AbortController().signal }, file);
}
