import type { ScheduleRow } from '../store/store.ts';
import { scheduleRow, slotAfter } from './schedule-row.ts';

/** A slot that is older than this was missed: its run is a catch-up. The loop wakes once a minute. */
const MISSED_AFTER_MS = 90_000;

/** A policy as far as its schedule goes. */
export interface ScheduledPolicy {
  readonly name: string;
  /** Five cron fields. */
  readonly schedule: string;
  /** Milliseconds it starts after each slot, see jitter.ts. */
  readonly delayMs: number;
}

/** What is known when the loop wakes. */
export interface DueQuestion {
  readonly policies: readonly ScheduledPolicy[];
  readonly rows: readonly ScheduleRow[];
  readonly timezone: string;
  readonly now: Date;
}

/** A run that should start now. */
export interface DueRun {
  readonly policy: string;
  readonly trigger: 'schedule' | 'catch-up';
  /** The slot it stands for; of several missed ones, the oldest. UTC, ISO 8601. */
  readonly scheduledFor: string;
  /** To be remembered in the same step in which the run begins. Later than now: however many slots were missed, one run makes up for them. */
  readonly next: ScheduleRow;
}

/** What to do when the loop wakes. */
export interface DueAnswer {
  readonly runs: readonly DueRun[];
  /** Rows to remember anew: of policies never scheduled, with a changed schedule, or put back after the clock was wrong. */
  readonly rescheduled: readonly ScheduleRow[];
}

/** Which policies should run now, and which schedules must be computed anew. Pure. */
export function due(question: DueQuestion): DueAnswer {
  const { timezone, now } = question;
  const known = new Map(question.rows.map((row) => [row.policy, row]));
  const runs: DueRun[] = [];
  const rescheduled: ScheduleRow[] = [];
  for (const policy of question.policies) {
    const previous = known.get(policy.name);
    const row = scheduleRow({ name: policy.name, policy, timezone, previous, now });
    if (row !== previous) rescheduled.push(row);
    const startAt = new Date(row.nextRunAt).getTime() + policy.delayMs;
    if (startAt > now.getTime()) continue;
    runs.push({
      policy: policy.name,
      trigger: now.getTime() - startAt > MISSED_AFTER_MS ? 'catch-up' : 'schedule',
      scheduledFor: row.nextRunAt,
      next: slotAfter(row, new Date(now.getTime() - policy.delayMs)),
    });
  }
  return { runs, rescheduled };
}
