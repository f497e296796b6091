import type { Host } from '../host.ts';
import type { Suspended } from '../suspension.ts';
import type { Refusal } from './control.ts';
import { refuse } from './refuse.ts';

/** A name and a reason stand in one line, on the page and in the branch. Characters. */
const LIMIT = { by: 64, reason: 300 } as const;

/** Suspends a host because a person asked. */
export async function suspendHost(
  request: Omit<Suspended, 'since'>,
  { suspension, clock }: Pick<Host, 'suspension' | 'clock'>,
): Promise<Suspended | Refusal> {
  const { by, until, reason } = request;
  if (by.length > LIMIT.by || (reason?.length ?? 0) > LIMIT.reason) {
    const message = `a name of at most ${LIMIT.by} and a reason of at most ${LIMIT.reason} characters are expected`;
    return refuse({ reason: 'NotPermitted', message });
  }
  // Not a time at all, or one that is over: the host would go on at once, against what the person expects.
  if (until !== undefined && !(Date.parse(until) > clock.now().getTime())) {
    return refuse({
      reason: 'NotPermitted',
      message: `${until} is not in the future: the clock of this host says ${clock.now().toISOString()}`,
      next: 'name a later time, or a span: --until 2h',
    });
  }
  return suspension.begin({
    by,
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { reason }),
  });
}
