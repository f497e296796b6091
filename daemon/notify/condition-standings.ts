import type { Condition, ConditionType, Status } from '../../state-schema/generated/status.ts';
import { faultOfText } from '../fault-text.ts';
import type { Standing } from './trouble.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When a condition is trouble, and how long it must be so before somebody is told. */
interface Watched {
  readonly type: ConditionType;
  readonly bad: Condition['status'];
  readonly patienceMs: number;
}

/** Those that no policy or volume already tells of. Short outages of a network are nobody's news. */
const WATCHED: readonly Watched[] = [
  { type: 'Stalled', bad: 'True', patienceMs: 2 * MINUTE_MS },
  { type: 'Applied', bad: 'False', patienceMs: 10 * MINUTE_MS },
  { type: 'Fetched', bad: 'False', patienceMs: HOUR_MS },
  { type: 'ClockTrusted', bad: 'False', patienceMs: 10 * MINUTE_MS },
  { type: 'Audited', bad: 'False', patienceMs: MINUTE_MS },
  { type: 'StatusPublished', bad: 'False', patienceMs: 12 * HOUR_MS },
];

/** How the conditions are that a person wants to know of. Pure. */
export function conditionStandings(
  { conditions }: Pick<Status, 'conditions'>,
  known: { readonly volumesLost: boolean },
): readonly Standing[] {
  const stalled = conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  return WATCHED.map(({ type, bad, patienceMs }): Standing => {
    const subject = `condition:${type}`;
    const condition = conditions.find((one) => one.type === type);
    if (condition === undefined || condition.status === 'Unknown') return { kind: 'unclear', subject };
    if (condition.status !== bad) return { kind: 'well', subject };
    // What a lost volume keeps waiting is told with the volume, and why a host stalls is told once.
    const isToldElsewhere =
      (type === 'Applied' && known.volumesLost && condition.reason === 'ResourcesWaiting') ||
      (type === 'Fetched' && stalled?.message === condition.message);
    if (isToldElsewhere) return { kind: 'unclear', subject };
    const { reason, message, lastTransitionTime } = condition;
    const trouble = {
      subject,
      event: 'failed' as const,
      reason,
      ...faultOfText(message),
      since: lastTransitionTime,
      policies: [],
      patienceMs,
    };
    return { kind: 'trouble', subject, trouble };
  });
}
