import type { Pass } from '../../state-schema/generated/history.ts';
import type { Fault } from '../errors.ts';
import type { Settled } from './settle.ts';
import { shortId } from '../short-id.ts';

/** What the history keeps of a revision that was refused: nothing on the host changed. Times are UTC, ISO 8601. */
export function refusedPass(revision: string, fault: Fault, at: string): Pass {
  const none = { changed: 0, repaired: 0, failed: 0, waiting: 0 };
  const { reason, message } = fault;
  return {
    id: shortId(),
    revision,
    startedAt: at,
    endedAt: at,
    result: 'refused',
    ...none,
    reason,
    message,
  };
}

/** How many repairs of one pass the history names. */
const NAMED_REPAIRS = 20;

/** What the history keeps of a pass. Times are UTC, ISO 8601. */
export function endedPass(
  settled: Settled,
  about: {
    readonly revision?: string;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly message?: string;
  },
): Pass {
  const { changed, repaired, failed, waiting } = settled;
  const { revision, startedAt, endedAt, message } = about;
  const result = failed + waiting === 0 ? 'applied' : 'incomplete';
  const repairs = settled.deeds
    .filter((deed) => deed.kind === 'repair')
    .slice(0, NAMED_REPAIRS)
    .map(({ id, what }) => ({ id, what }));
  return {
    id: shortId(),
    ...(revision === undefined ? {} : { revision }),
    startedAt,
    endedAt,
    result,
    changed,
    repaired,
    failed,
    waiting,
    ...(repairs.length === 0 ? {} : { repairs }),
    ...(message === undefined ? {} : { message }),
  };
}
