import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDemo } from '../../daemon/demo/make-demo.ts';
import { lockStateDir } from '../../daemon/locks/state-dir-lock.ts';
import { statePaths } from '../../daemon/settings/state-paths.ts';
import { tempFolder } from '../files/temp-folder.ts';
import { hostState } from '../reconcile/host-state.ts';
import { anchord } from '../rig/anchord-command.ts';

const STATE = hostState({
  secrets: { password: { from: 'env-file', file: 'credentials', key: 'PASSWORD' } },
});

test('a demo is made once, and what it made first stays', async () => {
  await using folder = await tempFolder('demo');
  const dir = join(folder.path, 'demo');

  const first = await make(dir);
  const secret = await readFile(join(dir, 'secrets/password'), 'utf8');
  const second = await make(dir);

  assert.deepEqual([first.made, second.made], [true, false]);
  assert.equal(await readFile(join(dir, 'secrets/password'), 'utf8'), secret);
  assert.equal((await stat(dir)).mode & 0o777, 0o700);
});

test('what a killed start left is finished and put away, and secrets made by it are kept', async () => {
  await using folder = await tempFolder('demo');
  const dir = join(folder.path, 'demo');
  await mkdir(join(dir, '.upstream-killed/tree'), { recursive: true });
  await mkdir(join(dir, 'secrets'));
  await writeFile(join(dir, 'secrets/password'), 'kept\n');
  await writeFile(join(dir, 'anchord.yaml.new'), 'host: mot');

  const { made } = await make(dir);

  assert.equal(made, true);
  assert.equal(await readFile(join(dir, 'secrets/password'), 'utf8'), 'kept\n');
  const names = await readdir(dir);
  assert.deepEqual(names.toSorted(), ['anchord.yaml', 'cloud', 'root', 'secrets', 'state', 'upstream.git']);
});

test('two starts do not make one demo at the same time', async () => {
  await using folder = await tempFolder('demo');
  const dir = join(folder.path, 'demo');
  const paths = statePaths(join(dir, 'state'));
  await mkdir(paths.dir, { recursive: true });
  const unlock = await lockStateDir(paths);

  await assert.rejects(make(dir), { reason: 'LockHeld' });
  await unlock();
  assert.equal((await make(dir)).made, true);
});

test('a demo that was moved says so, and touches nothing where it was', async () => {
  await using folder = await tempFolder('demo');
  const dir = join(folder.path, 'old');
  await make(dir);
  await rename(dir, join(folder.path, 'new'));

  const { code, stderr } = anchord(['demo', '--dir', join(folder.path, 'new'), '--listen', '127.0.0.1:0']);

  assert.equal(code, 1);
  assert.match(
    stderr,
    /was made somewhere else: its host is at .*\/old\/root\n {2}next: move it back there, or .*rm -rf .*\/new/,
  );
  assert.deepEqual(await readdir(folder.path), ['new']);
});

test('a folder that cannot be made is told with another way', async () => {
  await using folder = await tempFolder('demo');
  await writeFile(join(folder.path, 'file'), '');

  await assert.rejects(make(join(folder.path, 'file/demo')), {
    reason: 'NotPermitted',
    message: /cannot be made \(ENOTDIR\)/,
    next: 'choose another one: anchord demo --dir DIR',
  });
});

function make(dir: string): ReturnType<typeof makeDemo> {
  return makeDemo({ dir, listen: '127.0.0.1:0', state: STATE, path: process.env['PATH'] ?? '' });
}
