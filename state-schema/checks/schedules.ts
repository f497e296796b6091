import type { Finding, ValuePath } from '../parse/finding.ts';
import { checkCron } from '../schedule.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';

/** Every schedule is one that cron understands and that comes true some day. */
export function checkSchedules({ state }: CheckContext): readonly Finding[] {
  const known = new Map<string, string | undefined>();
  function check(schedule: string, at: ValuePath): Finding[] {
    if (!known.has(schedule)) known.set(schedule, checkCron(schedule));
    const fault = known.get(schedule);
    if (fault === undefined) return [];
    const message = `the schedule ${quote(schedule)} cannot be kept: ${fault}`;
    return [
      {
        code: 'schedule',
        at,
        on: 'value',
        message,
        found: quote(schedule),
        expected: 'five cron fields, such as "0 3 * * *"',
      },
    ];
  }
  return Object.entries(state.policies).flatMap(([name, policy]) => [
    ...check(policy.schedule, ['policies', name, 'schedule']),
    ...(policy.kind === 'backup' && policy.prune !== undefined
      ? check(policy.prune.schedule, ['policies', name, 'prune', 'schedule'])
      : []),
  ]);
}
