import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSize, planArgs, sizeArgs } from '../../daemon/commands/rclone-mirror.ts';
import { isEmptyPlan, newFiles, planReader, type MirrorPlan } from '../../daemon/mirror/mirror-plan.ts';

const NOTHING: MirrorPlan = {
  copies: 0,
  bytes: 0,
  renames: 0,
  copied: [],
  removals: [],
  others: 0,
  objects: 0,
};

test('the log of a real dry run tells what is new, changed, renamed and gone, and how much is there', () => {
  using trees = twoTrees(['a', 'b', 'c', 'd', 'gone', 'new\nline', 'moved']);
  writeFileSync(join(trees.source, 'a'), 'changed, and longer');
  writeFileSync(join(trees.source, 'fresh'), '12345');
  renameSync(join(trees.source, 'moved'), join(trees.source, 'elsewhere'));
  for (const name of ['gone', 'new\nline']) rmSync(join(trees.source, name));

  const plan = trees.plan();

  assert.deepEqual(plan, {
    copies: 2,
    bytes: 24,
    renames: 1,
    copied: [
      { path: 'a', bytes: 19 },
      { path: 'fresh', bytes: 5 },
    ],
    removals: [
      { path: 'gone', bytes: 4 },
      { path: 'new␊line', bytes: 8 },
    ],
    others: 0,
    objects: 7,
  });
  assert.equal(isEmptyPlan(plan), false);
  assert.equal(newFiles(plan, trees.size()), 1);
});

test('two equal trees need nothing', () => {
  using trees = twoTrees(['a', 'b']);

  const plan = trees.plan();

  assert.deepEqual(plan, { ...NOTHING, objects: 2 });
  assert.ok(isEmptyPlan(plan));
});

test('a destination that is not there is an empty one', () => {
  using trees = twoTrees(['a', 'b']);
  rmSync(join(trees.source, '../there'), { recursive: true });

  const copied = [
    { path: 'a', bytes: 1 },
    { path: 'b', bytes: 1 },
  ];
  assert.deepEqual(trees.plan(), { ...NOTHING, copies: 2, bytes: 2, copied });
});

test('a size is read strictly', () => {
  assert.deepEqual(parseSize('{"count":2,"bytes":4,"sizeless":0}\n'), { files: 2, bytes: 4 });
  for (const text of ['', 'null', '{}', '{"count":"2","bytes":4}', '{"count":-0.5,"bytes":4}', '[2,4]'])
    assert.equal(parseSize(text), undefined, text);
});

interface Trees extends Disposable {
  readonly source: string;
  plan(): MirrorPlan;
  size(): { readonly files: number; readonly bytes: number };
}

/** Two trees with the same files; each file holds its own name. */
function twoTrees(names: readonly string[]): Trees {
  const folder = mkdtempSync(join(tmpdir(), 'anchord-mirror-plan-'));
  const source = join(folder, 'here');
  const env = { PATH: '/usr/bin:/bin', RCLONE_CONFIG: '', RCLONE_CONFIG_CLOUD_TYPE: 'alias' };
  const settled = { ...env, RCLONE_CONFIG_CLOUD_REMOTE: folder };
  mkdirSync(source);
  for (const name of names) writeFileSync(join(source, name), name);
  const request = { source, destination: 'cloud:there', rules: [], transfers: 4 };
  execFileSync('rclone', ['copy', '--quiet', source, 'cloud:there'], { env: settled });
  return {
    source,
    plan() {
      const args = planArgs({ ...request, fastList: true, trackRenames: true });
      const common = ['--use-json-log', '--stats=1s', '--stats-log-level=NOTICE'];
      const { stderr } = spawnSync('rclone', [...args, ...common], { env: settled, encoding: 'utf8' });
      const reader = planReader();
      for (const line of stderr.split('\n')) reader.take(line);
      return reader.plan();
    },
    size() {
      const size = parseSize(execFileSync('rclone', sizeArgs(request), { env: settled, encoding: 'utf8' }));
      assert.ok(size !== undefined);
      return size;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
