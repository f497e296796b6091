import type { History, Run } from '../../state-schema/generated/history.ts';
import { REVISION } from './sample-source.ts';
import { before } from './sample-time.ts';

/** Thirty days of two backups, with one partial and one failed day, and a few passes. */
export function sampleHistory(now: Date): History {
  return {
    version: 1,
    host: 'motoko',
    policies: { 'flux-local': hourlyRuns(now), 'flux-backup': dailyRuns(now) },
    passes: [
      pass(now, { id: 'pass-3', days: 3, changed: 2 }),
      {
        ...pass(now, { id: 'pass-2', days: 5, changed: 0 }),
        repaired: 1,
        message: 'directory:/flux/active had mode 0755',
      },
      pass(now, { id: 'pass-1', days: 9, changed: 11 }),
    ],
  };
}

/** No run and no pass yet. */
export function emptyHistory(): History {
  return { version: 1, host: 'motoko', policies: {}, passes: [] };
}

function pass(
  now: Date,
  { id, days, changed }: { readonly id: string; readonly days: number; readonly changed: number },
): History['passes'][number] {
  return {
    id,
    revision: REVISION,
    startedAt: before(now, { days, minutes: 1 }),
    endedAt: before(now, { days }),
    result: 'applied',
    changed,
    repaired: 0,
    failed: 0,
    waiting: 0,
  };
}

/** One run every hour, for so many days that the strip shows its beginning. */
function hourlyRuns(now: Date): Run[] {
  return Array.from({ length: 24 * 22 }, (_, hours) =>
    run(now, { policy: 'flux-local', hours, added: 73_400_320 }),
  );
}

function dailyRuns(now: Date): Run[] {
  return Array.from({ length: 29 }, (_, days) =>
    run(now, { policy: 'flux-backup', hours: 13 + 24 * days, added: 2_254_857_830 }),
  )
    .filter((_, days) => days !== 17)
    .map((item, index) => {
      if (index === 6)
        return {
          ...item,
          outcome: 'partial' as const,
          reason: 'SourceUnreadable' as const,
          message: '3 files could not be read',
        };
      if (index === 12)
        return {
          ...item,
          outcome: 'failed' as const,
          reason: 'TimedOut' as const,
          message: 'It took longer than 6 h and was stopped',
          bytesAdded: 0,
        };
      return item;
    });
}

function run(
  now: Date,
  { policy, hours, added }: { readonly policy: string; readonly hours: number; readonly added: number },
): Run {
  return {
    id: `run-${policy}-${hours}`,
    policy,
    trigger: 'schedule',
    startedAt: before(now, { hours, minutes: 22 }),
    endedAt: before(now, { hours, minutes: 21 }),
    outcome: 'ok',
    bytesAdded: added,
  };
}
