import assert from 'node:assert/strict';
import {
  closeSync,
  fstatSync,
  linkSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { namelessFile, unlinkedFile } from '../../daemon/guards/nameless-file.ts';
import { tempFolder } from '../files/temp-folder.ts';

for (const open of [namelessFile, unlinkedFile]) {
  test(`${open.name} opens a file that can be written and that nobody finds`, async () => {
    await using folder = await tempFolder('nameless');

    const file = open(folder.path);

    assert.equal(writeSync(file, 'block'), 5);
    assert.equal(fstatSync(file).nlink, 0);
    assert.deepEqual(readdirSync(folder.path), []);
    closeSync(file);
  });
}

test('what has its name is not written to, be it a file, a link, or a second name of something precious', async () => {
  const plants = [
    (name: string) => writeFileSync(name, 'left from a power cut'),
    (name: string) => symlinkSync('precious', name),
    (name: string) => linkSync(join(name, '..', 'precious'), name),
  ];
  for (const plant of plants) {
    await using folder = await tempFolder('nameless');
    writeFileSync(join(folder.path, 'precious'), 'precious');
    plant(join(folder.path, '.anchord-probe'));

    const file = unlinkedFile(folder.path);

    writeSync(file, 'overwritten');
    closeSync(file);
    assert.equal(readFileSync(join(folder.path, 'precious'), 'utf8'), 'precious');
    assert.deepEqual(readdirSync(folder.path), ['precious']);
  }
});

test('a directory that is gone is an error, and nothing is made', async () => {
  await using folder = await tempFolder('nameless');

  assert.throws(() => namelessFile(join(folder.path, 'none')), { code: 'ENOENT' });
});
