import type { Status } from '../../state-schema/generated/status.ts';
import { commits, REVISION } from './sample-source.ts';
import { calmPolicies } from './sample-policies.ts';
import { before } from './sample-time.ts';

/** A host in order, seen at `now`. */
export function calmStatus(now: Date): Status {
  return {
    version: 1,
    host: 'motoko',
    generatedAt: before(now, { minutes: 2 }),
    expectedEverySeconds: 3600,
    daemon: { version: '0.1.0', startedAt: before(now, { days: 12 }) },
    summary: {
      level: 'ok',
      sentence: `Everything is in order; the newest backup is of ${before(now, { minutes: 21 })}.`,
    },
    source: {
      url: 'https://git.example.net/home/state.git',
      branch: 'main',
      observed: REVISION,
      attempted: REVISION,
      applied: REVISION,
      log: commits(now),
    },
    conditions: calmConditions(now),
    problems: [],
    resources: calmResources(now),
    volumes: calmVolumes(),
    policies: calmPolicies(now),
    notCarriedOut: ['shares', 'policy space-mirror (mirror)', 'policy restore-drill (drill)', 'catcher'],
    audit: { seq: 1204, head: 'c0ffee'.padEnd(64, '0'), time: before(now, { hours: 1 }) },
  };
}

function calmConditions(now: Date): Status['conditions'] {
  const since = { lastTransitionTime: before(now, { days: 3 }), observedRevision: REVISION };
  return [
    {
      type: 'Ready',
      status: 'True',
      reason: 'AllInSync',
      message: 'All 14 resources are in sync.',
      ...since,
    },
    {
      type: 'Fetched',
      status: 'True',
      reason: 'Succeeded',
      message: 'main was fetched 40 seconds ago.',
      ...since,
    },
    {
      type: 'SourceVerified',
      status: 'True',
      reason: 'VerificationNotRequired',
      message: 'Signatures are not asked for.',
      ...since,
    },
    {
      type: 'Applied',
      status: 'True',
      reason: 'AllInSync',
      message: 'Revision 4f1c2a9b is applied.',
      ...since,
    },
    { type: 'Drifted', status: 'False', reason: 'NoDrift', message: 'Nothing changed by itself.', ...since },
    {
      type: 'Stalled',
      status: 'False',
      reason: 'NotStalled',
      message: 'Nothing waits for a person.',
      ...since,
    },
    {
      type: 'VolumesGuarded',
      status: 'True',
      reason: 'GuardsPassed',
      message: 'All 3 volumes passed their guards.',
      ...since,
    },
    {
      type: 'BackupsCurrent',
      status: 'True',
      reason: 'BackupsFresh',
      message: 'Both backups are fresh.',
      ...since,
    },
    { type: 'Reconciling', status: 'False', reason: 'AllInSync', message: 'No pass is under way.', ...since },
    {
      type: 'Suspended',
      status: 'False',
      reason: 'NotSuspended',
      message: 'Nobody suspended this host.',
      ...since,
    },
    {
      type: 'Proved',
      status: 'Unknown',
      reason: 'NeverProved',
      message: 'No restore drill has proved a backup yet.',
      ...since,
    },
    {
      type: 'ClockTrusted',
      status: 'Unknown',
      reason: 'NotChecked',
      message: 'Nothing here deletes by age yet, so the clock is not checked.',
      ...since,
    },
    {
      type: 'StatusPublished',
      status: 'True',
      reason: 'Published',
      message: 'The status branch is up to date.',
      ...since,
    },
  ];
}

function calmVolumes(): Status['volumes'] {
  const guard = { guard: 'passed', reason: 'GuardsPassed', message: '' } as const;
  const tebibyte = 1024 ** 4;
  return [
    {
      name: 'flux',
      mount: '/flux',
      ...guard,
      device: '/dev/nvme0n1p1',
      disk: 'Samsung 990 Pro',
      sizeBytes: 1.8 * tebibyte,
      freeBytes: 0.7 * tebibyte,
    },
    {
      name: 'space',
      mount: '/space',
      ...guard,
      device: '/dev/sda1',
      disk: 'WD Red 14 TB',
      sizeBytes: 12.7 * tebibyte,
      freeBytes: 3.1 * tebibyte,
    },
    {
      name: 'time',
      mount: '/time',
      ...guard,
      device: '/dev/sdb1',
      disk: 'Seagate Expansion',
      sizeBytes: 7.2 * tebibyte,
      freeBytes: 1.2 * tebibyte,
    },
  ].map((volume) => ({
    ...volume,
    sizeBytes: Math.round(volume.sizeBytes),
    freeBytes: Math.round(volume.freeBytes),
  }));
}

function calmResources(now: Date): Status['resources'] {
  const inSync = { state: 'in-sync', since: before(now, { days: 9 }) } as const;
  const directories = [
    '/flux/active',
    '/flux/scratch',
    '/flux/.policy',
    '/space/projects',
    '/space/media',
    '/space/datasets',
    '/space/archives',
    '/space/snapshots/flux-local',
  ];
  const items: Status['resources']['items'] = [
    ...['flux', 'space', 'time'].map((name) => ({
      id: `volume:${name}`,
      kind: 'volume' as const,
      ...inSync,
    })),
    ...directories.map((path) => ({ id: `directory:${path}`, kind: 'directory' as const, ...inSync })),
    { id: 'link:/flux/models', kind: 'link', ...inSync },
    ...['flux-local', 'flux-backup'].map((name) => ({
      id: `schedule:${name}`,
      kind: 'schedule' as const,
      ...inSync,
    })),
  ];
  return { counts: { 'in-sync': items.length }, items, omitted: 0 };
}
