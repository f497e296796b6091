import type { PolicyStatus } from '../../state-schema/generated/status.ts';
import { before } from './sample-time.ts';

/** The policies of a host in order: an hourly and a daily backup, and a mirror that is not carried out. */
export function calmPolicies(now: Date): PolicyStatus[] {
  return [hourlyBackup(now), dailyBackup(now), mirror()];
}

function hourlyBackup(now: Date): PolicyStatus {
  return {
    name: 'flux-local',
    kind: 'backup',
    state: 'ok',
    reason: 'Scheduled',
    message: 'The last run was good.',
    schedule: '0 * * * *',
    timezone: 'America/New_York',
    source: '/flux',
    target: '/space/snapshots/flux-local',
    keep: '24 hourly and 7 daily snapshots',
    nextRunAt: before(now, { minutes: -38 }),
    overdueAfter: before(now, { hours: -2 }),
    lastSuccessAt: before(now, { minutes: 21 }),
    lastRun: {
      id: 'run-flux-local-0',
      policy: 'flux-local',
      trigger: 'schedule',
      startedAt: before(now, { minutes: 22 }),
      endedAt: before(now, { minutes: 21 }),
      outcome: 'ok',
      snapshot: '8c3f21aa',
      files: 48_211,
      bytes: 1_181_116_006_400,
      bytesAdded: 73_400_320,
    },
  };
}

function dailyBackup(now: Date): PolicyStatus {
  return {
    name: 'flux-backup',
    kind: 'backup',
    state: 'ok',
    reason: 'Scheduled',
    message: 'The last run was good.',
    schedule: '0 5 * * *',
    timezone: 'America/New_York',
    source: '/flux',
    target: 'rclone:b2restic:miket-backups-restic/flux',
    keep: '7 daily, 4 weekly and 12 monthly snapshots',
    nextRunAt: before(now, { hours: -10 }),
    overdueAfter: before(now, { hours: -20 }),
    lastSuccessAt: before(now, { hours: 13 }),
    lastRun: {
      id: 'run-flux-backup-0',
      policy: 'flux-backup',
      trigger: 'schedule',
      startedAt: before(now, { hours: 13, minutes: 18 }),
      endedAt: before(now, { hours: 13 }),
      outcome: 'ok',
      snapshot: '51b0e6d2',
      files: 48_190,
      bytes: 1_181_000_000_000,
      bytesAdded: 2_254_857_830,
    },
  };
}

function mirror(): PolicyStatus {
  return {
    name: 'space-mirror',
    kind: 'mirror',
    state: 'not-carried-out',
    reason: 'NotCarriedOutYet',
    message: 'This version of anchord checks this policy but does not run it yet.',
    schedule: '0 4 * * *',
    timezone: 'America/New_York',
    source: '/space',
    target: 'b2mirror:miket-space-mirror',
  };
}
