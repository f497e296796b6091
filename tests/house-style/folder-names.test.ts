import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import test from 'node:test';
import { filesBelow } from './repository.ts';

const SOURCE_FOLDERS = ['state-schema', 'daemon', 'dashboard', 'tests', 'bench', 'scripts'];
const SAYS_NOTHING = /(^|[-/])(utils?|helpers?|common|services?|types|misc|shared|lib)(?=$|[-/])/;

test('no folder has a name under which anything could be put', () => {
  const folders = new Set(SOURCE_FOLDERS.flatMap(filesBelow).map((path) => dirname(path)));

  assert.deepEqual(
    [...folders].filter((folder) => SAYS_NOTHING.test(folder) && !folder.includes('vendor')),
    [],
  );
});

test('no source file has a name under which anything could be put', () => {
  const files = ['state-schema', 'daemon'].flatMap(filesBelow);

  assert.deepEqual(
    files.filter((path) => /\/(utils?|helpers?|common|types|misc|index)\.ts$/.test(path)),
    [],
  );
});
