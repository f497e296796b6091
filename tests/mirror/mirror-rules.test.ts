import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { mirrorRules } from '../../daemon/mirror/mirror-rules.ts';

test('anchord’s own names and local repositories come first, so that nothing takes them back', () => {
  const taken = listed(
    ['.recycle/a', 'x/.recycle/b', '.anchord-volume', 'x/.anchord-staging/c', 'snap/{re}po/data/d', 'x/e'],
    {
      exclude: ['!.recycle', '!.anchord-*', '!/space/snap/{re}po', '!data'],
      repositories: ['/space/snap/{re}po', '/flux/elsewhere', '/space-not/below'],
    },
  );

  assert.deepEqual(taken, ['x/e']);
});

test('a pattern is a name at any depth, and a directory stands for what is in it', () => {
  const files = ['a.tmp', 'x/b.tmp', 'cache/c', 'x/cache/deep/d', 'x/mycache/e', 'x/y/z/f', 'x/z/g'];

  assert.deepEqual(listed(files, { exclude: ['*.tmp', 'cache/', 'y/z'] }), ['x/mycache/e', 'x/z/g']);
  assert.deepEqual(listed(files, { exclude: ['x/**/z', '**/cache', '*.tmp'] }), ['x/mycache/e']);
});

test('a pattern that begins with / is a path of the host', () => {
  const files = ['media/a', 'x/media/b', 'space/media/c', 'x/d'];

  assert.deepEqual(listed(files, { exclude: ['/space/media', '/media'] }), [
    'space/media/c',
    'x/d',
    'x/media/b',
  ]);
  assert.deepEqual(listed(files, { exclude: ['/*/x'] }), ['media/a', 'space/media/c']);
  assert.deepEqual(listed(files, { exclude: ['/**/media'] }), ['x/d']);
  assert.deepEqual(listed(files, { exclude: ['/space'] }), []);
  assert.deepEqual(listed(files, { exclude: ['/sp[^a]ce', '/sp[z-a]ce/x', '/flux'] }), files.toSorted());
});

test('of several patterns the last one that fits decides', () => {
  const files = ['a.log', 'keep.log', 'x/keep.log'];

  assert.deepEqual(listed(files, { exclude: ['*.log', '!keep.log'] }), ['keep.log', 'x/keep.log']);
  assert.deepEqual(listed(files, { exclude: ['!keep.log', '*.log'] }), []);
});

test('what rclone takes for an expression is only text, and no pattern makes it fail', () => {
  const files = ['{a,b}', 'a', 'b', '[x', 'x]', 'st*ar', 'star', 'back\\slash', '{{.*}}', '- y', '#z'];
  const exclude = ['{a,b}', '[x', 'st\\*ar', '{{.*}}', '- y', '#z', 'tail\\', '***nothing', '[]', '[!]', '!'];

  assert.deepEqual(listed(files, { exclude }), ['a', 'b', 'back\\slash', 'star', 'x]']);
});

/** The files of a tree that rclone takes under the rules, in order. */
function listed(
  files: readonly string[],
  scope: { readonly exclude: readonly string[]; readonly repositories?: readonly string[] },
): readonly string[] {
  const source = mkdtempSync(join(tmpdir(), 'anchord-mirror-rules-'));
  try {
    for (const file of files) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      writeFileSync(join(source, file), '');
    }
    const rules = mirrorRules({ source: '/space', repositories: [], ...scope });
    const args = ['lsf', '-R', '--files-only', ...rules.map((rule) => `--filter=${rule}`), source];
    const env = { PATH: '/usr/bin:/bin', RCLONE_CONFIG: '' };
    const out = execFileSync('rclone', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return out
      .split('\n')
      .filter((line) => line !== '')
      .toSorted();
  } finally {
    rmSync(source, { recursive: true });
  }
}
