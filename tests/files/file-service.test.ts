import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { Transient } from '../../daemon/errors.ts';
import type { FileRequest } from '../../daemon/files/file-protocol.ts';
import { FileService } from '../../daemon/files/file-service.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';

/** What no caller can send: the worker dies of it. */
const POISON = { kind: 'observe', grounds: undefined } as unknown as FileRequest;

test('the service looks at what was declared and puts right what it is told to', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  const wants = [directory('/flux/a', { mode: 0o750 }), link('/flux/l', 'a')];
  const grounds = [rig.ground()];

  await files.ask({ kind: 'declare', wants });
  const before = await files.ask({ kind: 'observe', grounds });
  const done = await files.ask({ kind: 'put-right', grounds, ids: wants.map((want) => want.id) });
  const after = await files.ask({ kind: 'observe', grounds });

  assert.deepEqual(
    before.findings.map(({ id, seen }) => [id, seen.kind]),
    [
      ['directory:/flux/a', 'absent'],
      ['link:/flux/l', 'absent'],
    ],
  );
  assert.deepEqual(
    done.results.map((result) => result.kind),
    ['done', 'done'],
  );
  assert.deepEqual(after, { findings: [], results: [], lost: [] });
  assert.equal(rig.mode('/flux/a'), 0o750);
});

test('a volume that is another device than the guard saw is lost, and the others go on', async () => {
  await using rig = await VolumeRig.make();
  mkdirSync(rig.at('/time'));
  await using files = new FileService(rig.root);
  const onTime = { ...directory('/time/a'), mount: '/time' };
  const wants = [directory('/flux/a'), onTime];
  await files.ask({ kind: 'declare', wants });
  const flux = rig.ground('/flux');
  const grounds = [{ ...flux, device: flux.device + 1 }, rig.ground('/time')];

  const answer = await files.ask({ kind: 'put-right', grounds, ids: wants.map((want) => want.id) });

  assert.deepEqual(answer.lost, ['/flux']);
  assert.deepEqual(answer.results, [{ id: onTime.id, kind: 'done' }]);
  assert.equal(statSync(rig.at('/flux/a'), { throwIfNoEntry: false }), undefined);
});

test('another disk with the device number of the right one is lost, and nothing is made on it', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  const want = directory('/flux/a');
  await files.ask({ kind: 'declare', wants: [want] });
  const ground = rig.ground();
  const sentinel = rig.at('/flux/.anchord-volume');
  const text = readFileSync(sentinel, 'utf8');

  for (const plant of [
    () => {},
    () => writeFileSync(sentinel, text),
    () => writeFileSync(sentinel, text.replace('id of', 'no id of')),
    () => writeFileSync(sentinel, text.padEnd(10_000)),
    () => symlinkSync('/dev/zero', sentinel),
    () => mkdirSync(sentinel),
  ]) {
    rmSync(sentinel, { recursive: true, force: true });
    plant();
    const answer = await files.ask({ kind: 'put-right', grounds: [ground], ids: [want.id] });
    assert.deepEqual(answer, { findings: [], results: [], lost: ['/flux'] });
  }
  assert.equal(statSync(rig.at('/flux/a'), { throwIfNoEntry: false }), undefined);
});

test('a volume that is gone is lost', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  await files.ask({ kind: 'declare', wants: [directory('/flux/a')] });
  const ground = rig.ground();
  rmSync(rig.at('/flux'), { recursive: true });

  assert.deepEqual((await files.ask({ kind: 'observe', grounds: [ground] })).lost, ['/flux']);
});

test('asking what still exists neither makes nor forgets anything', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  rig.makeDirectory('/flux/still');
  await files.ask({ kind: 'declare', wants: [directory('/flux/a')] });

  const asked = await files.ask({
    kind: 'exist',
    grounds: [rig.ground()],
    wants: [directory('/flux/still'), directory('/flux/gone')],
  });
  const observed = await files.ask({ kind: 'observe', grounds: [rig.ground()] });

  assert.deepEqual(
    asked.findings.map(({ id, seen }) => [id, seen.kind]),
    [['directory:/flux/gone', 'absent']],
  );
  assert.deepEqual(
    observed.findings.map(({ id }) => id),
    ['directory:/flux/a'],
  );
});

test('a worker that dies fails what was asked of it, and the next question is answered as if nothing had been', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  const grounds = [rig.ground()];
  await files.ask({ kind: 'declare', wants: [directory('/flux/a')] });

  const deadly = files.ask(POISON);
  const beside = files.ask({ kind: 'observe', grounds });
  await Promise.all([assert.rejects(deadly, Transient), assert.rejects(beside, Transient)]);
  // At once: the old worker's end has not even been announced yet.
  const answer = await files.ask({ kind: 'observe', grounds });

  assert.deepEqual(
    answer.findings.map(({ id }) => id),
    ['directory:/flux/a'],
  );
});

test('what is still open when the service ends is answered with a failure', async () => {
  await using rig = await VolumeRig.make();
  const files = new FileService(rig.root);

  const open = assert.rejects(files.ask({ kind: 'observe', grounds: [rig.ground()] }), Transient);
  await files[Symbol.asyncDispose]();

  await open;
});

test('ten thousand directories are made without holding up the main thread', async () => {
  await using rig = await VolumeRig.make();
  await using files = new FileService(rig.root);
  const wants = Array.from({ length: 10_000 }, (_, n) => directory(`/flux/${n % 100}/${n}`, { mode: 0o750 }));
  await files.ask({ kind: 'declare', wants });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();

  const ids = wants.map((want) => want.id);
  const { results } = await files.ask({ kind: 'put-right', grounds: [rig.ground()], ids });

  const took = performance.now() - started;
  delay.disable();
  assert.equal(results.filter((result) => result.kind === 'done').length, 10_000);
  // Generous for a busy machine; done on the main thread it would be all of the time.
  assert.ok(delay.max / 1e6 < took / 2, `held up for ${delay.max / 1e6} ms of ${took} ms`);
});
