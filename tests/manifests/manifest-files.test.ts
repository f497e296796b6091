import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import {
  dropManifests,
  manifestsOf,
  readManifest,
  writeManifest,
} from '../../daemon/manifests/manifest-files.ts';
import type { Manifest } from '../../daemon/manifests/manifest.ts';

const stateDir = await mkdtemp(join(tmpdir(), 'anchord-manifests-'));
after(() => rm(stateDir, { recursive: true }));

test('a manifest is read as it was written, names with line ends and quotes too', async () => {
  const manifest = manifestOf('one', 1, [
    {
      path: '/flux/a\n"b".txt',
      size: 3,
      mtime: '2026-11-21T02:00:00.5-05:00',
      sha256: 'ab'.repeat(32),
    },
  ]);
  await writeManifest(stateDir, manifest);

  assert.deepEqual(await readManifest(stateDir, manifest), manifest);
  assert.equal(await readManifest(stateDir, { policy: 'one', snapshot: id(2) }), undefined);
  assert.equal(await readManifest(stateDir, { policy: 'other', snapshot: id(1) }), undefined);
});

test('one that was cut off, is of another snapshot or of a later format is none', async () => {
  const file = join(stateDir, 'manifests/torn', `${id(1)}.json`);
  await writeManifest(stateDir, manifestOf('torn', 1, []));
  for (const text of [
    '{"format":1,"poli',
    JSON.stringify({ format: 2, ...manifestOf('torn', 1, []) }),
    JSON.stringify({ format: 1, ...manifestOf('torn', 2, []) }),
    JSON.stringify({ format: 1, ...manifestOf('torn', 1, []), sample: [{ path: '/x', size: -1 }] }),
    'null',
  ]) {
    await writeFile(file, text);
    assert.equal(await readManifest(stateDir, { policy: 'torn', snapshot: id(1) }), undefined, text);
  }
});

test('a manifest goes with its snapshot, and what a crash left beside it as well', async () => {
  for (const number of [1, 2, 3]) await writeManifest(stateDir, manifestOf('many', number, []));
  await writeFile(join(stateDir, 'manifests/many', `${id(4)}.json.new`), 'half');

  await dropManifests(stateDir, 'many', [id(2), id(3), id(5)]);

  assert.deepEqual((await manifestsOf(stateDir, 'many')).toSorted(), [id(2), id(3)]);
  assert.equal((await readdir(join(stateDir, 'manifests/many'))).length, 2);
  await dropManifests(stateDir, 'never-made', []);
});

test('of very many snapshots only the newest keep theirs', async () => {
  for (const number of [1, 2]) await writeManifest(stateDir, manifestOf('old', number, []));

  await dropManifests(stateDir, 'old', [
    id(1),
    ...Array.from({ length: 1_999 }, (_, at) => id(at + 10)),
    id(2),
  ]);

  assert.deepEqual(await manifestsOf(stateDir, 'old'), [id(2)]);
});

test('no name leads out of the folder', async () => {
  for (const policy of ['..', '../x', 'a/b', '', '.'])
    await assert.rejects(readManifest(stateDir, { policy, snapshot: id(1) }), /no name of a policy/);
  await assert.rejects(readManifest(stateDir, { policy: 'x', snapshot: '../../etc' }), /no id/);
});

function id(number: number): string {
  return number.toString(16).padStart(64, '0');
}

function manifestOf(policy: string, number: number, sample: Manifest['sample']): Manifest {
  return {
    policy,
    repository: 'f'.repeat(64),
    snapshot: id(number),
    hashedAt: '2026-11-21T12:00:00Z',
    files: 1,
    bytes: 3,
    sample,
  };
}
