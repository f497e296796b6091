import { isoSeconds } from '../clock.ts';
import type { ScheduleRow } from '../store/store.ts';
import { nextRun } from './next-run.ts';

/** How much the clock may have been set back before a slot is held for wrong; NTP moves it by less all the time. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What a policy's schedule should be, and what is remembered of it. */
export interface ScheduleQuestion {
  readonly name: string;
  readonly policy: { readonly schedule: string };
  readonly timezone: string;
  /** The row remembered; absent for a policy that was never scheduled. */
  readonly previous?: ScheduleRow | undefined;
  readonly now: Date;
}

/**
 * The row that a policy should have now: the remembered one where it still holds, also when its slot has passed and waits
 * to be caught up; else the next slot from now. It no longer holds when the schedule changed, or when the slot is further
 * away than one period: then the clock was once ahead, and the policy would stand still until that time comes. Pure.
 */
export function scheduleRow(question: ScheduleQuestion): ScheduleRow {
  const { name, policy, timezone, previous, now } = question;
  const kept = previous !== undefined && previous.cron === policy.schedule && previous.timezone === timezone;
  if (kept && !isTooFar(previous, now)) return previous;
  const next = slotAfter({ policy: name, cron: policy.schedule, timezone }, now);
  // Far away and right all the same: the long side of an uneven schedule.
  return kept && previous.nextRunAt === next.nextRunAt ? previous : next;
}

/** The row with the first slot after a moment. Pure. */
export function slotAfter(schedule: Omit<ScheduleRow, 'nextRunAt'>, after: Date): ScheduleRow {
  const { policy, cron, timezone } = schedule;
  return { policy, cron, timezone, nextRunAt: isoSeconds(nextRun({ cron, timezone, after })) };
}

function isTooFar(row: ScheduleRow, now: Date): boolean {
  const next = new Date(row.nextRunAt);
  if (Number.isNaN(next.getTime())) return true;
  const first = nextRun({ ...row, after: now });
  const second = nextRun({ ...row, after: first });
  return next.getTime() - now.getTime() > second.getTime() - first.getTime() + CLOCK_TOLERANCE_MS;
}
