import type { GuardedVolume } from '../../daemon/guards/volume-guard.ts';
import type { StatusFacts } from '../../daemon/status/summarize.ts';
import type { InventoryItem } from '../../daemon/store/store.ts';
import type { Condition, PolicyStatus, Run } from '../../state-schema/generated/status.ts';

/** A revision that is in force. */
export const REVISION: string = 'a'.repeat(40);
const SINCE = '2026-11-20T08:00:00Z';

/** What a daemon knows of a host that is in order. */
export function statusFacts(change: Partial<StatusFacts> = {}): StatusFacts {
  return {
    host: 'motoko',
    version: '1.0.0',
    startedAt: SINCE,
    now: '2026-11-21T12:00:00Z',
    expectedEverySeconds: 86_400,
    url: '/srv/state.git',
    branch: 'main',
    observed: REVISION,
    revisions: { trusted: REVISION, attempted: REVISION, applied: REVISION },
    log: [{ sha: REVISION, subject: 'Describe motoko', author: 'Anna', time: SINCE }],
    conditions: [condition('Ready', 'True'), condition('Applied', 'True')],
    resources: [resource('directory:/flux/active')],
    volumes: [guarded(500)],
    policies: [policy({})],
    notCarriedOut: ['shares (flux)'],
    ...change,
  };
}

/** A condition with the reason that goes with it. */
export function condition(
  type: Condition['type'],
  status: Condition['status'],
  about: Partial<Condition> = {},
): Condition {
  return { type, status, reason: 'Succeeded', message: 'words', lastTransitionTime: SINCE, ...about };
}

/** A managed directory. */
export function resource(id: string, about: Partial<InventoryItem> = {}): InventoryItem {
  return { id, kind: 'directory', state: 'in-sync', since: SINCE, digest: 'd', ...about };
}

/** A backup policy. */
export function policy(about: Partial<PolicyStatus>): PolicyStatus {
  return {
    name: 'flux-local',
    kind: 'backup',
    state: 'ok',
    reason: 'Scheduled',
    message: 'It waits for its next time.',
    schedule: '0 * * * *',
    timezone: 'UTC',
    ...about,
  };
}

/** A run that ended well. */
export function run(id: string, about: Partial<Run> = {}): Run {
  return {
    id,
    policy: 'flux-local',
    trigger: 'schedule',
    startedAt: '2026-11-21T11:00:00Z',
    endedAt: '2026-11-21T11:01:00Z',
    outcome: 'ok',
    ...about,
  };
}

/** A mounted volume of a thousand bytes. */
export function guarded(freeBytes: number, about: Partial<GuardedVolume> = {}): GuardedVolume {
  return {
    name: 'flux',
    volume: { mount: '/flux' },
    verdict: { kind: 'passed', device: 1 },
    seen: {
      top: { kind: 'directory', device: 1, parentDevice: 0 },
      sentinel: { kind: 'absent' },
      disk: {
        mount: {
          id: '7',
          parentId: '1',
          device: '8:17',
          mountPoint: '/flux',
          root: '/',
          fstype: 'ext4',
          source: '/dev/sdb1',
          options: new Set(),
        },
        sizeBytes: 1000,
        freeBytes,
      },
    },
    ...about,
  };
}
