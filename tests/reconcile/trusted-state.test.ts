import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadTrustedState, saveTrustedState } from '../../daemon/reconcile/trusted-state.ts';
import { tempFolder } from '../files/temp-folder.ts';
import { hostState } from './host-state.ts';

const REVISION = 'a'.repeat(40);
const wanted = { version: '1.0.0', revision: REVISION };

test('a kept state comes back for its own revision and version only', async () => {
  await using folder = await tempFolder('trusted');
  const file = join(folder.path, 'trusted-state.json');
  await saveTrustedState(file, '1.0.0', { revision: REVISION, state: hostState() });

  assert.deepEqual(await loadTrustedState(file, wanted), hostState());
  assert.equal(await loadTrustedState(file, { ...wanted, version: '1.0.1' }), undefined);
  assert.equal(await loadTrustedState(file, { ...wanted, revision: 'b'.repeat(40) }), undefined);
});

test('a missing or torn copy is passed over', async () => {
  await using folder = await tempFolder('trusted');
  const file = join(folder.path, 'trusted-state.json');
  assert.equal(await loadTrustedState(file, wanted), undefined);

  await saveTrustedState(file, '1.0.0', { revision: REVISION, state: hostState() });
  for (const length of [0, 1, statSync(file).size - 1]) {
    truncateSync(file, length);
    assert.equal(await loadTrustedState(file, wanted), undefined, `${length} bytes`);
  }
});

test('a copy that a hand or a disk altered is passed over, however well it reads', async () => {
  await using folder = await tempFolder('trusted');
  const file = join(folder.path, 'trusted-state.json');
  await saveTrustedState(file, '1.0.0', { revision: REVISION, state: hostState() });
  const was = readFileSync(file, 'utf8');
  const kept = JSON.parse(was) as object;

  for (const altered of [
    'null',
    JSON.stringify({ ...kept, state: undefined }),
    JSON.stringify({ ...kept, state: {} }),
    was.replace('"directories":{', '"directories":7,"more":{'),
    was.replace('"/', '"/etc/'),
  ]) {
    assert.notEqual(altered, was);
    writeFileSync(file, altered);
    assert.equal(await loadTrustedState(file, wanted), undefined, altered);
  }
});

test('what a crash left beside it is no obstacle, and nothing is left beside it', async () => {
  await using folder = await tempFolder('trusted');
  const file = join(folder.path, 'trusted-state.json');
  writeFileSync(`${file}.new`, '{"half', { mode: 0o600 });

  await saveTrustedState(file, '1.0.0', { revision: REVISION, state: hostState() });

  assert.deepEqual(readdirSync(folder.path), ['trusted-state.json']);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});
