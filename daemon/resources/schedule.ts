import type { Policy } from '../../state-schema/generated/state-file.ts';
import type { Difference } from '../files/file-wants.ts';
import type { ScheduleRow } from '../store/store.ts';
import type { DesiredResource } from './desired.ts';
import type { ScheduleWant } from './schedule-want.ts';

/** A schedule that is not as it should be. */
export interface ScheduleFinding {
  readonly want: ScheduleWant;
  readonly previous?: ScheduleRow;
  readonly differences: readonly Difference[];
}

/** A policy's schedule as a resource. */
export function desiredSchedule(want: ScheduleWant): DesiredResource {
  return {
    id: want.id,
    kind: 'schedule',
    digest: JSON.stringify([want.cron, want.timezone]),
    detail: `${want.cron} ${want.timezone}`,
  };
}

/** What must be remembered for a policy to run. */
export function scheduleWant(name: string, policy: Policy, timezone: string): ScheduleWant {
  return { id: `schedule:${name}`, policy: name, cron: policy.schedule, timezone };
}

/** Schedules that are missing or say something else. */
export function observeSchedules(
  wants: readonly ScheduleWant[],
  rows: readonly ScheduleRow[],
): readonly ScheduleFinding[] {
  const known = new Map(rows.map((row) => [row.policy, row]));
  return wants.flatMap((want): readonly ScheduleFinding[] => {
    const previous = known.get(want.policy);
    if (previous === undefined) {
      return [
        { want, differences: [{ field: 'existence', from: 'absent', to: `${want.cron} ${want.timezone}` }] },
      ];
    }
    const differences: Difference[] = [];
    if (previous.cron !== want.cron) differences.push({ field: 'cron', from: previous.cron, to: want.cron });
    if (previous.timezone !== want.timezone) {
      differences.push({ field: 'timezone', from: previous.timezone, to: want.timezone });
    }
    return differences.length === 0 ? [] : [{ want, previous, differences }];
  });
}
