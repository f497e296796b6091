import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEMO_FOLDER, SERVICE_SETTINGS, settingsFile } from '../../daemon/cli/target.ts';
import { asRoot } from '../files/privileges.ts';
import { tempFolder } from '../files/temp-folder.ts';

const USER = 54_321;
const SELF = process.getuid?.() ?? 0;
const noService = existsSync(SERVICE_SETTINGS) ? { skip: `this host has ${SERVICE_SETTINGS}` } : {};
const rootWithoutService = { ...asRoot, ...noService };

test('a named file or folder is taken as it is named', async () => {
  const place = { cwd: '/home/somebody', uid: USER };

  assert.equal(await settingsFile({ config: '/a/b.yaml' }, place), '/a/b.yaml');
  assert.equal(await settingsFile({ config: 'b.yaml' }, place), '/home/somebody/b.yaml');
  assert.equal(await settingsFile({ dir: 'demo' }, place), '/home/somebody/demo/anchord.yaml');
});

test('with no demo here, it is the service', noService, async () => {
  await using folder = await tempFolder('target');

  assert.equal(await settingsFile({}, { cwd: folder.path, uid: SELF }), SERVICE_SETTINGS);
});

test('a demo of one’s own is taken', noService, async () => {
  await using folder = await tempFolder('target');
  const demo = await demoIn(folder.path);

  assert.equal(await settingsFile({}, { cwd: folder.path, uid: SELF }), join(demo, 'anchord.yaml'));
});

test('a demo that others can write to is not taken', noService, async () => {
  await using folder = await tempFolder('target');
  const demo = await demoIn(folder.path);

  for (const mode of [0o720, 0o702, 0o777, 0o1777]) {
    await chmod(demo, mode);
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: SELF }), SERVICE_SETTINGS, mode.toString(8));
  }
});

test(
  'root does not take a demo that somebody else made, and nobody takes root’s',
  rootWithoutService,
  async () => {
    await using folder = await tempFolder('target');
    const demo = await demoIn(folder.path);

    assert.equal(await settingsFile({}, { cwd: folder.path, uid: 0 }), join(demo, 'anchord.yaml'));
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: USER }), SERVICE_SETTINGS);
    await chown(demo, USER, USER);
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: 0 }), SERVICE_SETTINGS);
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: USER }), join(demo, 'anchord.yaml'));
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: USER + 1 }), SERVICE_SETTINGS);
  },
);

test(
  'a link or a file in the place of the demo is not taken, whoever owns what it leads to',
  noService,
  async () => {
    await using folder = await tempFolder('target');
    const demo = await demoIn(folder.path);
    await rename(demo, join(folder.path, 'real'));
    await symlink('real', demo);
    assert.equal(await settingsFile({}, { cwd: folder.path, uid: SELF }), SERVICE_SETTINGS);

    await using other = await tempFolder('target');
    await writeFile(join(other.path, DEMO_FOLDER), '');
    assert.equal(await settingsFile({}, { cwd: other.path, uid: SELF }), SERVICE_SETTINGS);
  },
);

async function demoIn(folder: string): Promise<string> {
  const demo = join(folder, DEMO_FOLDER);
  await mkdir(demo, { mode: 0o700 });
  return demo;
}
