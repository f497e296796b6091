import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { Holder, later, moverRig, purgePolicy } from './mover-rig.ts';

test('what nobody touched for a while goes, each entry as a whole, and the space is told', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  const old = await rig.write('/flux/scratch/old/deep/a.bin', 'x'.repeat(100_000));
  await rig.write('/flux/scratch/file', 'y');
  rig.setTime(later(8));
  await rig.touch('/flux/scratch/fresh/new.txt');

  const run = await rig.runToEnd('purge');

  assert.equal(run.outcome, 'ok', run.message);
  assert.deepEqual([run.removed, run.files], [2, 2]);
  assert.ok((run.bytes ?? 0) >= 100_000, `${run.bytes} bytes`);
  assert.equal(existsSync(old), false);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')), ['fresh']);
  assert.deepEqual(await rig.ledger.movedSince('/flux', '2000-01-01T00:00:00Z'), {
    files: 2,
    bytes: run.bytes,
  });
});

test('an entry stays when anything anywhere in it was changed lately', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  await rig.write('/flux/scratch/a/b/c/old', '1');
  await rig.write('/flux/scratch/other/old', '1');
  rig.setTime(later(8));
  await rig.touch('/flux/scratch/a/b/c/new');

  const run = await rig.runToEnd('purge');

  assert.equal(run.removed, 1);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')), ['a']);
});

test('the first list waits for a person, and what is accepted goes once', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() }, acceptsFirst: false });
  await rig.write('/flux/scratch/one', '1');
  rig.setTime(later(8));

  const first = await rig.runToEnd('purge');
  const planned = await rig.engine.plan('purge');
  assert.ok(planned.kind === 'preview');
  const { waiting, items } = planned.preview;
  const accepted = await rig.engine.accept('purge', waiting?.id ?? '');
  const second = await rig.runToEnd('purge');
  const again = await rig.engine.accept('purge', waiting?.id ?? '');

  assert.deepEqual([first.outcome, first.reason], ['refused', 'FirstRun']);
  assert.deepEqual(
    items.map(({ kind, what }) => [kind, what]),
    [['remove', '/flux/scratch/one']],
  );
  assert.equal(accepted.kind, 'accepted');
  assert.deepEqual([second.outcome, second.removed], ['ok', 1]);
  assert.equal(again.kind, 'refused');
  const [status] = await rig.engine.statuses(new Date());
  assert.equal(status?.state, 'ok');
});

test('more than the limit waits, with every entry named', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy({ limits: { delete: 2 } }) } });
  for (const name of ['a', 'b', 'c']) await rig.write(`/flux/scratch/${name}`, name);
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');
  const planned = await rig.engine.plan('purge');

  assert.deepEqual([run.outcome, run.reason], ['refused', 'LimitExceeded']);
  assert.match(run.message ?? '', /3 of 3 entries would go/);
  assert.equal(planned.kind === 'preview' && planned.preview.items.length, 3);
  assert.equal(readdirSync(join(rig.root, 'flux/scratch')).length, 3);
});

test('nothing goes while the clock cannot be trusted, or the volume fails, and the slot waits', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  await rig.write('/flux/scratch/one', '1');
  rig.setTime(later(8));
  await rig.engine.plan('purge');
  rig.setClock(later(400));

  const jumped = await rig.engine.runNow('purge');
  rig.setClock(later(8));
  rig.faults.set('/flux/scratch', { reason: 'NotMounted', message: 'the disk is away' });
  const away = await rig.engine.runNow('purge');

  assert.equal(jumped.kind === 'refused' && jumped.fault.reason, 'ClockJumped');
  assert.equal(away.kind === 'refused' && away.fault.reason, 'NotMounted');
  assert.equal(existsSync(join(rig.root, 'flux/scratch/one')), true);
});

test('what somebody has open, stands in or has mapped stays', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  const file = await rig.write('/flux/scratch/open/deep/file', '1');
  await rig.write('/flux/scratch/stood-in/deep/file', '1');
  await rig.write('/flux/scratch/free', '1');
  await using _holder = new Holder({ cwd: join(rig.root, 'flux/scratch/stood-in/deep'), open: file });
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');

  assert.equal(run.removed, 1);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')).toSorted(), ['open', 'stood-in']);
});

test('links, FIFOs, sockets, empty folders and names that are no text go like anything else', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  const scratch = join(rig.root, 'flux/scratch');
  const outside = await rig.write('/flux/keep.txt', 'keep');
  symlinkSync(outside, join(scratch, 'link'));
  symlinkSync('/', join(scratch, 'link-to-root'));
  mkdirSync(join(scratch, 'empty'));
  execFileSync('mkfifo', [join(scratch, 'fifo')]);
  const bytes = Buffer.concat([Buffer.from(`${scratch}/`), Buffer.from([0x61, 0xff, 0x0a, 0x62])]);
  mkdirSync(bytes);
  writeFileSync(Buffer.concat([bytes, Buffer.from('/𝒳\n')]), 'x');
  linkSync(outside, join(scratch, 'hard'));
  const server = createServer().listen(join(scratch, 'sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  // Closing it would remove the socket's name.
  execFileSync('cp', ['-a', join(scratch, 'sock'), join(scratch, 'dead-socket')]);
  server.close();
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');

  assert.equal(run.outcome, 'ok', run.message);
  assert.deepEqual(readdirSync(scratch), []);
  assert.equal(existsSync(outside), true);
});

test('a file that has another name elsewhere gives no space back', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  const kept = await rig.write('/flux/kept.bin', 'x'.repeat(1_000_000));
  linkSync(kept, join(rig.root, 'flux/scratch/same.bin'));
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');

  assert.deepEqual([run.removed, run.files, run.bytes], [1, 1, undefined]);
});

test('what exclude matches keeps the entry that holds it, and anchord’s own names always stay', async () => {
  const policy = purgePolicy({ exclude: ['*.keep', '/flux/scratch/named', 'sub/*/deep'] });
  await using rig = await moverRig({ policies: { purge: policy } });
  const files = ['a/b/x.keep', 'named/y', 'c/sub/any/deep', '.anchord-mine/z', 'goes/sub/deep', 'goes2/keep'];
  for (const file of files) await rig.write(`/flux/scratch/${file}`, '1');
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');

  assert.equal(run.removed, 2, run.message);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')).toSorted(), [
    '.anchord-mine',
    'a',
    'c',
    'named',
  ]);
});

test(
  'what cannot be removed is named, and stands again where it was',
  { skip: !canMakeImmutable() },
  async () => {
    await using rig = await moverRig({ policies: { purge: purgePolicy() } });
    const file = await rig.write('/flux/scratch/entry/immutable', '1');
    await rig.write('/flux/scratch/entry/other', '1');
    await rig.write('/flux/scratch/free', '1');
    execFileSync('chattr', ['+i', file]);
    rig.setTime(later(8));

    const run = await rig.runToEnd('purge').finally(() => execFileSync('chattr', ['-i', file]));

    assert.equal(run.outcome, 'partial');
    assert.match(run.message ?? '', /entry could not be removed: immutable \(EPERM\)/);
    assert.equal(existsSync(file), true);
    assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')), ['entry']);
  },
);

test('an entry in which something is mounted stays, also when it is the same disk', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy() } });
  const precious = await rig.write('/flux/precious/file', 'keep');
  await rig.write('/flux/scratch/bound/in/x', '1');
  await rig.write('/flux/scratch/other-disk/x', '1');
  const mounts = [join(rig.root, 'flux/scratch/bound/in'), join(rig.root, 'flux/scratch/other-disk')];
  execFileSync('mount', ['--bind', join(rig.root, 'flux/precious'), mounts[0] ?? '']);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mounts[1] ?? '']);
  rig.setTime(later(8));
  try {
    const run = await rig.runToEnd('purge');

    assert.equal(run.removed ?? 0, 0, run.message);
    assert.equal(existsSync(precious), true);
  } finally {
    for (const at of mounts) execFileSync('umount', [at]);
  }
});

test('a directory that is a link is not emptied', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy({ path: '/flux/linked' }) } });
  await rig.write('/flux/precious/file', 'keep');
  symlinkSync(join(rig.root, 'flux/precious'), join(rig.root, 'flux/linked'));
  rig.setTime(later(8));

  const run = await rig.runToEnd('purge');

  assert.equal(run.outcome, 'failed');
  assert.match(run.message ?? '', /follows no link/);
  assert.equal(existsSync(join(rig.root, 'flux/precious/file')), true);
});

test('a plan shows what goes, what stays and why, and changes nothing', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy({ exclude: ['*.keep'] }) } });
  await rig.write('/flux/scratch/old', '1');
  await rig.write('/flux/scratch/kept/a.keep', '1');
  rig.setTime(later(8));
  await rig.touch('/flux/scratch/young');

  const result = await rig.engine.plan('purge');

  assert.ok(result.kind === 'preview');
  const { items, of, skipped, excludes } = result.preview;
  assert.deepEqual(
    items.map(({ what }) => what),
    ['/flux/scratch/old'],
  );
  assert.equal(of, 3);
  assert.match(skipped[0]?.why ?? '', /exclude: \*\.keep matches a\.keep/);
  assert.match(skipped[1]?.why ?? '', /last changed/);
  assert.deepEqual(excludes, ['*.keep', '.anchord-*']);
  assert.equal(readdirSync(join(rig.root, 'flux/scratch')).length, 3);
});

test('a run that is stopped leaves nothing hidden, and the next one goes on', async () => {
  await using rig = await moverRig({ policies: { purge: purgePolicy({ limits: { delete: '100%' } }) } });
  for (let index = 0; index < 300; index++) await rig.write(`/flux/scratch/${index}/file`, '1');
  rig.setTime(later(8));
  const removing = rig.untilProgress('removing');
  const started = await rig.engine.runNow('purge');
  assert.ok(started.kind === 'started');
  await removing;
  rig.engine.cancel('purge');

  const stopped = await started.ended;
  const left = readdirSync(join(rig.root, 'flux/scratch'));
  const next = await rig.runToEnd('purge');

  assert.ok(
    left.every((name) => !name.startsWith('.anchord-')),
    left.join(' '),
  );
  assert.equal(left.length + (stopped.removed ?? 0), 300, stopped.outcome);
  assert.equal(next.removed ?? 0, left.length);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/scratch')), []);
});

function canMakeImmutable(): boolean {
  try {
    execFileSync('sh', ['-c', 'f=$(mktemp); chattr +i "$f" && chattr -i "$f"; r=$?; rm -f "$f"; exit $r'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
