import assert from 'node:assert/strict';
import { chown, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { manifestsOf, readManifest } from '../../daemon/manifests/manifest-files.ts';
import { NEWER_RESTIC, WITHOUT_NEWER } from './newer-restic.ts';
import { backupPolicy, initialised, PASSWORD, policyRig } from './policy-rig.ts';

// What all other tests see of the installed restic, Debian 12's, once more of Debian 13's: its JSON and its exit codes.
test('restic 0.18: backup, manifest, forget and prune', { skip: WITHOUT_NEWER }, async () => {
  const policies = {
    local: backupPolicy({
      keep: { last: 1 },
      prune: { schedule: '0 8 * * 0' },
      exclude: ['*.tmp', '!.recycle'],
    }),
  };
  await using rig = await initialised(await policyRig({ policies, ...newer() }));
  for (const name of ['deep/b\n"c".txt', '.recycle/old', 'x.tmp', 'empty'])
    await rig.write(`/flux/${name}`, name === 'empty' ? '' : 'x');
  await rig.runToEnd('local');
  const second = await rig.runToEnd('local');
  const pruned = await rig.runToEnd('local.prune');

  assert.deepEqual([second.outcome, second.reason, second.files, second.removed], ['ok', undefined, 3, 1]);
  const [snapshot = '', ...others] = await manifestsOf(rig.stateDir, 'local');
  assert.deepEqual([snapshot, others], [second.snapshot, []]);
  const manifest = await readManifest(rig.stateDir, { policy: 'local', snapshot });
  assert.deepEqual(
    manifest?.sample.map(({ path }) => path.slice(rig.root.length)),
    ['/flux/a.txt', '/flux/deep/b\n"c".txt', '/flux/empty'],
  );
  assert.deepEqual([pruned.outcome, pruned.reason], ['ok', undefined]);
  assert.match(pruned.message ?? '', /B of \/space\/repo given back/);
});

test(
  'restic 0.18: what could not be read, a wrong password, a repository that is gone',
  { skip: WITHOUT_NEWER },
  async () => {
    await using rig = await initialised(await policyRig({ ...newer(), weak: true }));
    const hidden = await rig.write('/flux/hidden\nfile', 'x');
    await chown(hidden, 65_534, 65_534);
    const partial = await rig.runToEnd('local');
    await rm(hidden);
    await rig.write('/etc/credentials', 'RESTIC_PASSWORD=wrong\n');
    const wrong = await rig.runToEnd('local');
    await rig.write('/etc/credentials', `RESTIC_PASSWORD=${PASSWORD}\n`);
    await rename(join(rig.root, 'space/repo/config'), join(rig.root, 'space/repo/away'));
    const gone = await rig.runToEnd('local');

    assert.deepEqual(
      [partial, wrong, gone].map((run) => [run.outcome, run.reason]),
      [
        ['partial', 'BackupPartial'],
        ['failed', 'WrongPassword'],
        ['failed', 'RepositoryMissing'],
      ],
    );
    assert.deepEqual(partial.unreadable, [join(rig.root, 'flux/hidden\nfile')]);
  },
);

function newer(): { readonly resticDir?: string } {
  return NEWER_RESTIC === undefined ? {} : { resticDir: NEWER_RESTIC };
}
