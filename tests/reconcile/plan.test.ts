import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileFinding, FileSeen } from '../../daemon/files/file-wants.ts';
import { plan, type Observed } from '../../daemon/reconcile/plan.ts';
import type { Desired, DesiredResource } from '../../daemon/resources/desired.ts';
import type { InventoryItem } from '../../daemon/store/store.ts';

const MODE = [{ field: 'mode', from: '0700', to: '0755' }] as const;
const ABSENT = [{ field: 'existence', from: 'absent', to: 'directory' }] as const;
const THERE: FileSeen = { kind: 'directory', uid: 0, gid: 0, mode: 0o700 };

test('nothing to find is nothing to do', () => {
  assert.deepEqual(plan(desired(directory('/flux/a')), observed({})), {
    changes: [],
    hindrances: [],
    orphans: [],
  });
});

test('whether something is made, changed or put right follows from what was last applied', () => {
  const cases: readonly (readonly [string, InventoryItem | undefined, readonly FileFinding[]])[] = [
    ['create', undefined, [missing('/flux/a')]],
    ['update', undefined, [differing('/flux/a')]],
    ['update', known('/flux/a', { digest: 'of another revision' }), [differing('/flux/a')]],
    ['create', known('/flux/a', { digest: 'of another revision' }), [missing('/flux/a')]],
    ['repair', known('/flux/a', {}), [differing('/flux/a')]],
    ['repair', known('/flux/a', { state: 'changed' }), [missing('/flux/a')]],
    ['repair', known('/flux/a', { state: 'drifted' }), [differing('/flux/a')]],
    ['update', known('/flux/a', { state: 'failed' }), [differing('/flux/a')]],
    ['create', known('/flux/a', { state: 'waiting' }), [missing('/flux/a')]],
  ];
  for (const [action, item, files] of cases) {
    const inventory = new Map(item === undefined ? [] : [[item.id, item]]);
    const { changes } = plan(desired(directory('/flux/a')), observed({ files, inventory }));
    assert.deepEqual(
      changes.map((change) => change.action),
      [action],
      `${item?.state ?? 'unknown'} ${item?.digest ?? ''}`,
    );
  }
});

test('what is left over is forgotten when it is gone, and an orphan while it is there', () => {
  const leftOver = [
    { id: 'directory:/flux/gone', kind: 'directory', gone: true },
    { id: 'directory:/flux/there', kind: 'directory', gone: false },
  ] as const;

  const planned = plan(desired(), observed({ leftOver }));

  assert.deepEqual(planned.changes, [
    { id: 'directory:/flux/gone', kind: 'directory', action: 'forget', differences: [] },
  ]);
  assert.deepEqual(planned.orphans, ['directory:/flux/there']);
});

test('on a volume whose guard failed everything waits, whatever was found there', () => {
  const volumes = new Map([
    ['flux', { kind: 'failed', fault: { reason: 'NotMounted', message: 'no disk', next: 'mount it' } }],
    ['time', { kind: 'passed', device: 1 }],
  ] as const);
  const onTime = { ...directory('/time/a'), volume: 'time' };

  const planned = plan(
    desired(volume('flux'), directory('/flux/a'), onTime),
    observed({ volumes, files: [missing('/flux/a'), missing('/time/a')] }),
  );

  assert.deepEqual(
    planned.hindrances.map(({ id, state, reason, message }) => [id, state, reason, message]),
    [
      ['volume:flux', 'failed', 'NotMounted', 'no disk; next: mount it'],
      ['directory:/flux/a', 'waiting', 'GuardFailed', 'waits for volume flux, whose guard failed'],
    ],
  );
  assert.deepEqual(
    planned.changes.map(({ id }) => id),
    ['directory:/time/a'],
  );
});

test('a full volume is still made right', () => {
  const fault = { reason: 'BelowMinimumFree', message: 'full' } as const;
  const volumes = new Map([['flux', { kind: 'full', device: 1, fault }]] as const);

  const planned = plan(desired(directory('/flux/a')), observed({ volumes, files: [missing('/flux/a')] }));

  assert.equal(planned.changes.length, 1);
});

test('below a directory that cannot be made nothing is made, and beside it everything is', () => {
  const impossible = {
    ...directory('/flux/a'),
    impossible: { reason: 'NoSuchUser', message: 'nobody' },
  } as const;
  const paths = ['/flux/a/b', '/flux/a/b/c/d', '/flux/ab', '/flux/a b'];

  const planned = plan(
    desired(impossible, ...paths.map(directory)),
    observed({ files: ['/flux/a', ...paths].map(missing) }),
  );

  assert.deepEqual(
    planned.hindrances.map(({ id, state, reason }) => [id, state, reason]),
    [
      ['directory:/flux/a', 'failed', 'NoSuchUser'],
      ['directory:/flux/a/b', 'waiting', 'DependencyFailed'],
      ['directory:/flux/a/b/c/d', 'waiting', 'DependencyFailed'],
    ],
  );
  assert.deepEqual(
    planned.changes.map(({ id }) => id),
    ['directory:/flux/ab', 'directory:/flux/a b'],
  );
});

test('below a directory that is there with a wrong owner things go on', () => {
  const impossible = {
    ...directory('/flux/a'),
    impossible: { reason: 'NoSuchUser', message: 'nobody' },
  } as const;

  const planned = plan(
    desired(impossible, directory('/flux/a/b')),
    observed({ files: [differing('/flux/a'), missing('/flux/a/b')] }),
  );

  assert.deepEqual(
    planned.changes.map(({ id }) => id),
    ['directory:/flux/a/b'],
  );
});

test('the same input gives the same plan', () => {
  const input = [desired(directory('/flux/a')), observed({ files: [missing('/flux/a')] })] as const;

  assert.deepEqual(plan(...input), plan(...input));
});

function desired(...resources: readonly DesiredResource[]): Desired {
  return { resources, files: [], schedules: [], shares: [] };
}

function observed(change: Partial<Observed>): Observed {
  return {
    volumes: new Map([['flux', { kind: 'passed', device: 1 }]]),
    files: [],
    schedules: [],
    inventory: new Map(),
    leftOver: [],
    ...change,
  };
}

function volume(name: string): DesiredResource {
  return { id: `volume:${name}`, kind: 'volume', digest: 'd', detail: '' };
}

function directory(path: string): DesiredResource {
  return { id: `directory:${path}`, kind: 'directory', digest: 'd', detail: '', volume: 'flux' };
}

function missing(path: string): FileFinding {
  return { id: `directory:${path}`, seen: { kind: 'absent' }, differences: ABSENT };
}

function differing(path: string): FileFinding {
  return { id: `directory:${path}`, seen: THERE, differences: MODE };
}

function known(path: string, change: Partial<InventoryItem>): InventoryItem {
  return {
    id: `directory:${path}`,
    kind: 'directory',
    state: 'in-sync',
    since: '2026-11-21T12:00:00Z',
    digest: 'd',
    ...change,
  };
}
