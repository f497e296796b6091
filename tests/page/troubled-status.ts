import type { Status } from '../../state-schema/generated/status.ts';
import { REJECTED_REVISION } from './sample-source.ts';
import { calmStatus } from './sample-status.ts';
import { before } from './sample-time.ts';

/** The daemon has started on a host for which nothing was fetched yet. */
export function firstStatus(now: Date): Status {
  const since = { lastTransitionTime: before(now, { minutes: 0 }) };
  return {
    ...calmStatus(now),
    generatedAt: before(now, {}),
    daemon: { version: '0.1.0', startedAt: before(now, {}) },
    summary: {
      level: 'busy',
      sentence: 'The daemon has just started and is fetching the repository.',
      reason: 'Nothing has been applied yet.',
    },
    source: { url: 'https://git.example.net/home/state.git', branch: 'main', log: [] },
    conditions: [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'Starting',
        message: 'The first pass has not ended.',
        ...since,
      },
    ],
    resources: { counts: {}, items: [], omitted: 0 },
    volumes: [],
    policies: [],
    notCarriedOut: [],
  };
}

/** A failed backup, a rejected revision and a volume that is not mounted, all at once. */
export function troubledStatus(now: Date): Status {
  const calm = calmStatus(now);
  return {
    ...calm,
    summary: {
      level: 'failed',
      sentence: 'The backup flux-backup failed, and volume time is not mounted.',
      reason:
        'restic could not reach the repository rclone:b2restic:miket-backups-restic/flux: the remote refused the key.',
      next: 'Renew the secret b2-restic-key, then run `anchord policy run flux-backup`.',
    },
    source: { ...calm.source, observed: REJECTED_REVISION, attempted: REJECTED_REVISION },
    problems: [
      {
        file: 'hosts/motoko/policies.yaml',
        line: 14,
        column: 5,
        message: 'unknown key `shedule` in policy flux-check; the nearest known key is `schedule`',
      },
      {
        file: 'hosts/motoko/directories.yaml',
        line: 3,
        column: 3,
        message:
          '/tmp/outside lies outside every volume; declare a volume at or above it, or choose a path below /flux, /space or /time',
      },
    ],
    conditions: troubledConditions(calm, now),
    volumes: calm.volumes.map((volume) => (volume.name === 'time' ? unmounted(volume) : volume)),
    policies: calm.policies.map((policy) => (policy.name === 'flux-backup' ? failed(policy, now) : policy)),
    resources: troubledResources(calm, now),
  };
}

function troubledConditions(calm: Status, now: Date): Status['conditions'] {
  const lastTransitionTime = before(now, { hours: 3 });
  return calm.conditions.map((item) => {
    if (item.type === 'Ready')
      return {
        ...item,
        status: 'False',
        reason: 'ResourcesWaiting',
        message: '2 resources wait for volume time.',
        lastTransitionTime,
      };
    if (item.type === 'Stalled')
      return {
        ...item,
        status: 'True',
        reason: 'RevisionInvalid',
        message: 'Revision 9e8d7c6b has 2 problems.',
        lastTransitionTime,
      };
    if (item.type === 'VolumesGuarded')
      return {
        ...item,
        status: 'False',
        reason: 'NotMounted',
        message: 'time: nothing is mounted at /time.',
        lastTransitionTime,
      };
    if (item.type === 'BackupsCurrent')
      return {
        ...item,
        status: 'False',
        reason: 'BackupFailed',
        message: 'flux-backup failed 3 hours ago.',
        lastTransitionTime,
      };
    return item;
  });
}

function unmounted(volume: Status['volumes'][number]): Status['volumes'][number] {
  const { name, mount } = volume;
  return {
    name,
    mount,
    guard: 'failed',
    reason: 'NotMounted',
    message:
      'Nothing is mounted at /time; expected ext4 with label time. Mount it: the guard looks again by itself.',
  };
}

function failed(policy: Status['policies'][number], now: Date): Status['policies'][number] {
  const { lastRun } = policy;
  if (lastRun === undefined) return policy;
  const ended = before(now, { hours: 3 });
  return {
    ...policy,
    state: 'failed',
    reason: 'ProgramFailed',
    message: 'restic ended with exit code 1: the remote b2restic refused the key (401).',
    lastRun: {
      ...lastRun,
      startedAt: before(now, { hours: 3, minutes: 1 }),
      endedAt: ended,
      outcome: 'failed',
      reason: 'ProgramFailed',
    },
    lastSuccessAt: before(now, { hours: 27 }),
  };
}

function troubledResources(calm: Status, now: Date): Status['resources'] {
  const since = before(now, { hours: 3 });
  const items: Status['resources']['items'] = [
    ...calm.resources.items.filter(({ id }) => id !== 'volume:time'),
    {
      id: 'volume:time',
      kind: 'volume',
      state: 'failed',
      reason: 'NotMounted',
      message: 'Nothing is mounted at /time.',
      since,
    },
    {
      id: 'directory:/time/tm',
      kind: 'directory',
      state: 'waiting',
      reason: 'DependencyFailed',
      message: 'It waits for volume time.',
      since,
    },
    {
      id: 'directory:/time/tm/quota',
      kind: 'directory',
      state: 'waiting',
      reason: 'DependencyFailed',
      since,
    },
    { id: 'directory:/flux/old', kind: 'directory', state: 'orphaned', reason: 'NotDeclared', since },
  ];
  return { counts: { 'in-sync': 13, failed: 1, waiting: 2, orphaned: 1 }, items, omitted: 0 };
}
