import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { readExcludeFile } from '../../daemon/policies/read-exclude-file.ts';

const ALICE = 60_001;
const BOB = 60_002;
const root = await mkdtemp(join(tmpdir(), 'anchord-exclude-'));
const source = join(root, 'flux/active');
const file = join(source, '.backup-exclude');
const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can give files away' };
after(() => rm(root, { recursive: true }));

beforeEach(async () => {
  await rm(join(root, 'flux'), { recursive: true, force: true });
  await mkdir(source, { recursive: true });
});

test('without such a file nothing is left out, and nothing is said', async () => {
  assert.deepEqual(await read(), { patterns: [], ignored: [] });
});

test('the owner of the source and root may write it, nobody else', asRoot, async () => {
  await chown(source, ALICE, ALICE);
  for (const [uid, patterns] of [
    [ALICE, ['*.tmp']],
    [0, ['*.tmp']],
    [BOB, []],
  ] as const) {
    await writeFile(file, '*.tmp\n');
    await chown(file, uid, ALICE);
    const found = await read();
    assert.deepEqual(found.patterns, patterns);
    assert.equal(found.ignored.length, patterns.length === 0 ? 1 : 0);
  }
  assert.match((await read()).ignored[0] ?? '', /uid 60002.*nor to the owner of the source, uid 60001/);
});

test('one that others can write to is not obeyed, but for the group that can write to the source', async () => {
  await writeFile(file, '*\n');
  await chmod(file, 0o646);
  assert.match((await read()).ignored[0] ?? '', /others can write/);
  await chmod(file, 0o664);
  await chmod(source, 0o755);
  assert.match((await read()).ignored[0] ?? '', /others can write/);
  await chmod(source, 0o2775);
  assert.deepEqual(await read(), { patterns: ['*'], ignored: [] });
});

test('a link, a pipe, a directory and a file that is too long are not obeyed, at once', async () => {
  await writeFile(join(root, 'secret'), 'secret\n');
  await symlink(join(root, 'secret'), file);
  assert.match((await read()).ignored[0] ?? '', /a link/);
  await rm(file);
  execFileSync('mkfifo', [file]);
  assert.match((await read()).ignored[0] ?? '', /no regular file/);
  await rm(file);
  await mkdir(file);
  assert.match((await read()).ignored[0] ?? '', /no regular file/);
  await rm(file, { recursive: true });
  await writeFile(file, '#'.repeat(64 * 1024 + 1));
  assert.match((await read()).ignored[0] ?? '', /longer than 65536/);
});

function read(): ReturnType<typeof readExcludeFile> {
  return readExcludeFile({ root, source: '/flux/active' });
}
