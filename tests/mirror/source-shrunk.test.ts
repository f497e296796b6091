import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceShrunk } from '../../daemon/mirror/source-shrunk.ts';

const MIB = 1024 * 1024;
const NOTHING = { files: 0, bytes: 0 };
const BEFORE = { files: 1000, bytes: 1000 * MIB };

function shrunk(
  now: { readonly files: number; readonly bytes: number },
  change: Partial<Parameters<typeof sourceShrunk>[0]> = {},
): string | undefined {
  return sourceShrunk({ path: '/space', now, before: BEFORE, moved: NOTHING, limit: undefined, ...change })
    ?.message;
}

test('without a limit a fifth may go, in files and in bytes', () => {
  assert.equal(shrunk({ files: 800, bytes: 800 * MIB }), undefined);
  assert.equal(
    shrunk({ files: 799, bytes: 800 * MIB }),
    '/space has shrunk to 799 of 1000 files since the last good run',
  );
  assert.match(shrunk({ files: 1000, bytes: 799 * MIB }) ?? '', /^\/space has shrunk to \d+ of \d+ bytes/);
  assert.match(shrunk({ files: 1, bytes: 1 }) ?? '', /1 of 1000 files and 1 of \d+ bytes/);
});

test('a small tree may lose a few files, but not all of them', () => {
  const before = { files: 21, bytes: MIB };

  assert.equal(shrunk({ files: 1, bytes: 1 }, { before }), undefined);
  assert.match(shrunk(NOTHING, { before }) ?? '', /^\/space holds no file, and held 21 at the last good run/);
  assert.equal(shrunk(NOTHING, { before: NOTHING }), undefined);
});

test('a limit of the policy holds for small trees, too', () => {
  const before = { files: 10, bytes: 100 };

  assert.equal(shrunk({ files: 9, bytes: 90 }, { before, limit: '10%' }), undefined);
  assert.match(shrunk({ files: 8, bytes: 90 }, { before, limit: '10%' }) ?? '', /8 of 10 files since/);
  assert.match(shrunk({ files: 10, bytes: 99 }, { before, limit: '0%' }) ?? '', /99 of 100 bytes/);
});

test('what anchord itself moved elsewhere is not missed', () => {
  const moved = { files: 500, bytes: 500 * MIB };

  assert.equal(shrunk({ files: 400, bytes: 400 * MIB }, { moved }), undefined);
  assert.match(shrunk({ files: 399, bytes: 400 * MIB }, { moved }) ?? '', /399 of 500 files since/);
  assert.equal(shrunk({ files: 2000, bytes: 2000 * MIB }), undefined);
});
