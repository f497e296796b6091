import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FileFinding, FileResult, FileWant } from '../../daemon/files/file-wants.ts';
import { withMounts } from './privileges.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';

test('a file system mounted in the way is reported and never written to', withMounts, async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/a');

  const { findings, results, left } = mendWithMountAt(rig, '/flux/a', [
    directory('/flux/a', { mode: 0o700 }),
    directory('/flux/a/b'),
    link('/flux/a/l', 'x'),
    directory('/flux/c'),
  ]);

  const blocked = { kind: 'blocked', block: { why: 'other-device', at: '/flux/a' } };
  assert.deepEqual(
    findings.slice(0, 3).map((finding) => finding.seen),
    [blocked, blocked, blocked],
  );
  assert.deepEqual(
    results.map((result) => (result.kind === 'failed' ? result.seen : 'done')),
    [blocked, blocked, blocked, 'done'],
  );
  assert.equal(left, 'drwxrwxrwt');
});

test('a directory that is right but for being another disk is not in sync', withMounts, async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/a');

  const { findings } = mendWithMountAt(rig, '/flux/a', [directory('/flux/a')]);

  assert.deepEqual(
    findings.map((finding) => finding.seen.kind),
    ['blocked'],
  );
});

interface Came {
  readonly findings: readonly FileFinding[];
  readonly results: readonly FileResult[];
  /** Mode of the mounted top afterwards, and the names in it. */
  readonly left: string;
}

function mendWithMountAt(rig: VolumeRig, path: string, wants: readonly FileWant[]): Came {
  const script = `set -e
    mount -t tmpfs -o mode=1777 tmpfs "$1"
    "$2" "$3" "$4" "$5"
    printf '\\n%s' "$(stat -c %A "$1")"
    ls -A "$1"`;
  const mend = fileURLToPath(new URL('mend-in-mounts.js', import.meta.url));
  const child = spawnSync(
    'unshare',
    [
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      rig.at(path),
      process.execPath,
      mend,
      rig.at('/flux'),
      JSON.stringify(wants),
    ],
    { encoding: 'utf8' },
  );
  assert.equal(child.status, 0, child.stderr);
  const [json = '', left = ''] = child.stdout.split('\n');
  return { ...(JSON.parse(json) as Omit<Came, 'left'>), left };
}
