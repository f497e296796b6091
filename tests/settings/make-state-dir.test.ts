import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeStateDir } from '../../daemon/settings/make-state-dir.ts';
import { asRoot } from '../files/privileges.ts';
import { tempFolder } from '../files/temp-folder.ts';

test('a state directory is made for its owner alone, with the folders above it', async () => {
  await using temp = await tempFolder('state-dir');
  const dir = join(temp.path, 'var/lib/anchord');

  await makeStateDir(dir, { strict: true });

  assert.equal(statSync(dir).mode & 0o7777, 0o700);
});

test('a folder above it that others can write is refused in service, and taken in a demo', async () => {
  await using temp = await tempFolder('state-dir');
  const above = join(temp.path, 'shared');
  mkdirSync(above);
  chmodSync(above, 0o777);
  const dir = join(above, 'state');

  await makeStateDir(dir, { strict: false });
  await assert.rejects(makeStateDir(dir, { strict: true }), /others can write to .*shared.*mode 777/s);
});

test('the folder that counts is the one a link leads to', async () => {
  await using temp = await tempFolder('state-dir');
  const above = join(temp.path, 'shared');
  mkdirSync(join(above, 'state'), { recursive: true });
  chmodSync(join(above, 'state'), 0o700);
  chmodSync(above, 0o777);
  symlinkSync(join(above, 'state'), join(temp.path, 'state'));

  await assert.rejects(
    makeStateDir(join(temp.path, 'state'), { strict: true }),
    /others can write to .*shared/s,
  );
});

test('a folder of somebody else above it is refused in service', asRoot, async () => {
  await using temp = await tempFolder('state-dir');
  const above = join(temp.path, 'theirs');
  mkdirSync(above);
  chownSync(above, 1000, 1000);

  await assert.rejects(
    makeStateDir(join(above, 'state'), { strict: true }),
    /belongs to user 1000, who can put/s,
  );
});
