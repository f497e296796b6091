import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSnapshots } from '../../daemon/commands/restic-snapshots.ts';
import { manifestsOf, readManifest } from '../../daemon/manifests/manifest-files.ts';
import { backupPolicy, initialised, policyRig, type PolicyRig } from './policy-rig.ts';

test('each backup leaves hashes of a sample of its files, which go when its snapshot is forgotten', async () => {
  const policies = { local: backupPolicy({ keep: { last: 1 }, exclude: ['*.tmp'] }) };
  await using rig = await initialised(await policyRig({ policies }));
  for (const name of ['deep/b\n"c".txt', 'empty', 'left-out.tmp'])
    await rig.write(`/flux/${name}`, name === 'empty' ? '' : name);

  const first = await rig.runToEnd('local');
  const [before, ...others] = await manifestsOf(rig.stateDir, 'local');
  const manifest = await readManifest(rig.stateDir, { policy: 'local', snapshot: before ?? '' });
  await rig.runToEnd('local');

  assert.deepEqual([first.outcome, first.reason, others.length], ['ok', undefined, 0], first.message);
  assert.ok(manifest);
  assert.equal(manifest.repository, (await rig.store.repositoryIds()).get('/space/repo'));
  assert.deepEqual([manifest.files, manifest.hashedAt], [3, '2026-11-21T12:00:00Z']);
  assert.deepEqual(
    manifest.sample.map(({ path, size, sha256 }) => [path.slice(rig.root.length), size, sha256]),
    [
      ['/flux/a.txt', 3, sha256('one')],
      ['/flux/deep/b\n"c".txt', 14, sha256('deep/b\n"c".txt')],
      ['/flux/empty', 0, sha256('')],
    ],
  );
  assert.deepEqual(await manifestsOf(rig.stateDir, 'local'), await snapshotIds(rig));
});

test('a backup whose sample cannot be kept is good, and says so', async () => {
  await using rig = await initialised(await policyRig());
  await writeFile(join(rig.stateDir, 'manifests'), 'in the way');

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['ok', 'ManifestFailed']);
  assert.match(run.message ?? '', /the backup is good.*ENOTDIR|EEXIST/);
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'));
  assert.equal(status?.state, 'partial');
});

async function snapshotIds(rig: PolicyRig): Promise<readonly string[]> {
  const list = await rig.restic('/space/repo', 'snapshots', '--json', '--no-lock');
  return parseSnapshots(list).map(({ id }) => id);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
