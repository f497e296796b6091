import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '../../state-schema/generated/status.ts';
import { contents, mirrorRig, type MirrorRig } from './mirror-rig.ts';
import { WebdavServer, type WebdavFault } from './webdav-server.ts';

/**
 * Lets a run of a mirror suffer a fault, after one that went well, and gives it back: then no object is lost that should be
 * there, and the next run succeeds.
 */
export async function suffered(fault: WebdavFault): Promise<Run> {
  await using place = await webdavMirror();
  const { rig, server } = place;
  const older = await place.objects();
  await rm(join(rig.root, 'space/f00'));
  await rig.write('/space/new', 'n'.repeat(300_000));
  server.fault = fault;

  const run = await rig.runToEnd('space');

  const between = await place.objects();
  server.fault = undefined;
  for (const name of ['f01', 'f02']) assert.equal(between[name], older[name], name);
  if (run.outcome !== 'ok') {
    // A deletion whose answer was lost was carried out all the same.
    const mayBeGone = fault.method === 'DELETE' && between['f00'] === undefined;
    if (!mayBeGone) assert.equal(between['f00'], older['f00'], 'nothing is deleted in a run that failed');
    const next = await rig.runToEnd('space');
    assert.deepEqual([next.outcome, next.removed], ['ok', mayBeGone ? 0 : 1], next.message);
  }
  assert.deepEqual(Object.keys(await place.objects()), ['f01', 'f02', 'new']);
  return run;
}

/** A mirror and the server it lies on. */
interface Place extends AsyncDisposable {
  readonly rig: MirrorRig;
  readonly server: WebdavServer;
  objects(): Promise<Readonly<Record<string, string>>>;
}

/** A mirror on a WebDAV server that went well once. */
async function webdavMirror(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-webdav-'));
  const server = await WebdavServer.start(folder);
  const rig = await mirrorRig({ files: 3, remote: server.remote });
  await mkdir(join(folder, 'mirror'));
  const run = await rig.runToEnd('space');
  assert.equal(run.outcome, 'ok', run.message);
  return {
    rig,
    server,
    objects: () => contents(join(folder, 'mirror')),
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
