import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fault } from '../../daemon/errors.ts';
import { contents, meddlingRclone, mirrorRig, type MirrorRig } from './mirror-rig.ts';

const AWAY: Fault = { reason: 'NotMounted', message: 'nothing is mounted at /space' };

test('plain rclone loses what anchord keeps: an emptied source, and all that --max-delete lets go', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-naive-'));
  const [source, kept, limited] = ['source', 'kept', 'limited'].map((name) => join(folder, name));
  for (const place of [source, kept, limited]) await mkdir(place ?? '');
  for (const name of ['a', 'b', 'c', 'd']) await writeFile(join(source ?? '', name), name);
  rclone('copy', source, kept);
  rclone('copy', source, limited);
  await rm(source ?? '', { recursive: true });
  await mkdir(source ?? '');

  const emptied = rclone('sync', source, kept);
  const partly = rclone('sync', '--max-delete=2', source, limited);

  assert.deepEqual([emptied, Object.keys(await contents(kept ?? '')).length], [0, 0]);
  assert.equal(partly, 7);
  assert.ok(Object.keys(await contents(limited ?? '')).length < 4, 'it deletes first and complains then');
  await rm(folder, { recursive: true });
});

test('a source that vanishes between plan and run takes nothing along but what was planned', async () => {
  await using rig = await meddled({ policy: { limits: { delete: 2 } } }, 'copy', 'rm -rf "$SPACE"/*');
  await rm(join(rig.root, 'space/f00'));
  await rig.write('/space/new', 'new');

  const run = await rig.runToEnd('space');

  assert.equal(run.removed, 1, run.message);
  assert.deepEqual(Object.keys(await rig.objects()), ['f01', 'f02', 'f03', 'f04']);
});

test('also with renames, when rclone would be willing to delete', async () => {
  const policy = { trackRenames: true, limits: { delete: 2 } };
  await using rig = await meddled(
    { policy },
    'sync',
    'case "$*" in *dry-run*) ;; *) rm -rf "$SPACE"/* ;; esac',
  );
  await rm(join(rig.root, 'space/f00'));
  await rename(join(rig.root, 'space/f01'), join(rig.root, 'space/renamed'));
  await rig.write('/space/new', 'new');

  const run = await rig.runToEnd('space');

  assert.equal(run.removed, 1, run.message);
  assert.deepEqual(Object.keys(await rig.objects()), ['f01', 'f02', 'f03', 'f04']);
});

test('what came back while files were sent keeps its object', async () => {
  await using rig = await meddled({}, 'copy', 'echo again > "$SPACE/f00"');
  for (const name of ['f00', 'f01']) await rm(join(rig.root, 'space', name));
  await rig.write('/space/new', 'new');

  const run = await rig.runToEnd('space');

  assert.deepEqual([run.outcome, run.removed], ['ok', 1], run.message);
  assert.deepEqual(Object.keys(await rig.objects()), ['f00', 'f02', 'f03', 'f04', 'new']);
});

test('a volume that fails right before the deletions stops them', async () => {
  await using rig = await mirrorRig({ files: 3 });
  await rig.runToEnd('space');
  await rm(join(rig.root, 'space/f00'));
  rig.faults.get = failingFrom('the third look');

  const run = await rig.runToEnd('space');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'NotMounted']);
  assert.match(run.message ?? '', /^nothing was deleted from the mirror: nothing is mounted/);
  assert.equal(Object.keys(await rig.objects()).length, 3);
});

test('a volume that fails until the end makes the run suspect, and it is not what later runs are compared with', async () => {
  await using rig = await mirrorRig({ files: 30 });
  await rig.runToEnd('space');
  for (let index = 10; index < 16; index++) await rm(join(rig.root, `space/f${index}`));
  rig.faults.get = failingFrom('the fourth look');
  const suspect = await rig.runToEnd('space');
  rig.faults.get = () => undefined;
  for (let index = 16; index < 30; index++) await rm(join(rig.root, `space/f${index}`));
  await rm(join(rig.root, 'space/f00'));

  const next = await rig.runToEnd('space');

  assert.deepEqual([suspect.outcome, suspect.reason], ['failed', 'GuardFailed']);
  assert.match(suspect.message ?? '', /suspect/);
  assert.deepEqual([next.outcome, next.reason], ['refused', 'SourceShrunk'], next.message);
});

test('files that cannot be read are named, and then nothing is deleted or renamed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-weak-'));
  const weak = `exec setpriv --bounding-set=-dac_override,-dac_read_search -- /usr/bin/rclone "$@"`;
  const path = await meddlingRclone(folder, { 'size|sync|copy|delete': weak });
  await using rig = await mirrorRig({ files: 2, policy: { trackRenames: true }, path });
  await rig.write('/space/closed/file', 'same');
  await rig.runToEnd('space');
  await chown(join(rig.root, 'space/closed'), 65_534, 65_534);
  execFileSync('chmod', ['0700', join(rig.root, 'space/closed')]);
  await rig.write('/space/looks-like-it', 'same');
  await rm(join(rig.root, 'space/f00'));

  const run = await rig.runToEnd('space');
  await rm(folder, { recursive: true });

  assert.deepEqual([run.outcome, run.reason], ['partial', 'MirrorPartial']);
  assert.deepEqual(run.unreadable, ['closed']);
  assert.deepEqual(Object.keys(await rig.objects()), ['closed/file', 'f00', 'f01', 'looks-like-it']);
});

test('a person stops a run; what was sent stays, nothing is deleted, and the next run goes on', async () => {
  await using rig = await mirrorRig({ files: 2, policy: { bandwidth: '200KB' } });
  await rig.runToEnd('space');
  await rm(join(rig.root, 'space/f00'));
  await rig.write('/space/large', 'x'.repeat(20_000_000));
  const started = await rig.engine.runNow('space');
  assert.ok(started.kind === 'started');
  for (;;) {
    const { progress } = await rig.next('run.progress');
    if (progress.phase === 'sending' && (progress.bytesDone ?? 0) > 0) break;
  }

  rig.engine.cancel('space');
  const run = await started.ended;

  assert.deepEqual([run.outcome, run.reason], ['cancelled', 'Cancelled']);
  assert.equal((await rig.objects())['f00'], 'content of f00');
});

/** A mirror of five files that went well once; before an rclone command the world changes. */
async function meddled(
  options: Parameters<typeof mirrorRig>[0],
  command: string,
  shell: string,
): Promise<MirrorRig> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-meddling-'));
  // Only once armed: the first run has to go well.
  const path = await meddlingRclone(folder, {
    [command]: `if [ -e "${folder}/armed" ]; then SPACE=$(cat "${folder}/armed"); ${shell}; fi`,
  });
  const rig = await mirrorRig({ files: 5, ...options, path });
  await rig.runToEnd('space');
  await writeFile(join(folder, 'armed'), join(rig.root, 'space'));
  const dispose = rig[Symbol.asyncDispose].bind(rig);
  return {
    ...rig,
    async [Symbol.asyncDispose]() {
      await dispose();
      await rm(folder, { recursive: true });
    },
  };
}

/** Guards that pass until then: the first looks are before a run and at its beginning, the third is before it deletes. */
function failingFrom(when: 'the third look' | 'the fourth look'): () => Fault | undefined {
  const good = when === 'the third look' ? 2 : 3;
  let looks = 0;
  return () => (++looks > good ? AWAY : undefined);
}

function rclone(...args: readonly (string | undefined)[]): number {
  try {
    const env = { PATH: '/usr/bin:/bin', RCLONE_CONFIG: '' };
    execFileSync('rclone', ['--quiet', ...args.map((arg) => arg ?? '')], { env, stdio: 'ignore' });
    return 0;
  } catch (error) {
    return (error as { readonly status: number }).status;
  }
}
