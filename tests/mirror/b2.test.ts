import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { B2Server } from './b2-server.ts';
import { mirrorRig } from './mirror-rig.ts';

test('on B2 what is deleted, replaced or renamed is hidden, never deleted for good, whatever the host settings say', async () => {
  await using server = await B2Server.start();
  const policy = { trackRenames: true, fastList: true, transfers: 2 };
  await using rig = await mirrorRig({ files: 4, policy, remote: server.remote });
  const first = await rig.runToEnd('space');
  await rm(join(rig.root, 'space/f00'));
  await rename(join(rig.root, 'space/f01'), join(rig.root, 'space/renamed'));
  await writeFile(join(rig.root, 'space/f02'), 'another content');
  await rig.write('/space/new\nline', 'odd');

  const run = await rig.runToEnd('space');

  assert.deepEqual([first.outcome, first.files], ['ok', 4], first.message);
  assert.deepEqual([run.outcome, run.removed], ['ok', 1], run.message);
  const { f03: kept, ...others } = server.objects;
  assert.equal(kept, 'content of f03');
  assert.deepEqual(Object.values(others).toSorted(), ['another content', 'content of f01', 'odd']);
  assert.deepEqual(
    server.calls.filter((call) => call.includes('delete')),
    [],
  );
  const versions = server.versions.map(({ content }) => String(content));
  assert.ok(['content of f00', 'content of f02'].every((content) => versions.includes(content)));
  assert.match(
    run.message ?? '',
    /how long B2 keeps what is deleted is unknown: only rclone 1\.65|B2 keeps what/,
  );
});
