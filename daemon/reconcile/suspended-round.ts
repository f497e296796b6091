import { faultOf, Stalled } from '../errors.ts';
import type { Suspended } from '../suspension.ts';
import { suspendedWord } from '../status/suspended-word.ts';
import type { Conditions } from '../status/conditions.ts';
import type { Revisions } from '../store/store.ts';
import { fetchFailedWords } from './condition-words.ts';
import { leftAloneWord } from './drifted-word.ts';
import type { LookParts } from './look.ts';
import { nextLookAfter, type NextLook } from './next-look.ts';
import type { InForce } from './reconciler-parts.ts';
import { AS_ALWAYS } from './round.ts';
import { preparePass, type PassOutcome, type PassParts } from './run-pass.ts';
import { NOTHING_SETTLED } from './settle.ts';
import { volumesWord } from './volumes-word.ts';

/** What a round needs that changes nothing. */
export interface SuspendedRoundParts extends Pick<LookParts, 'repo' | 'emit'>, PassParts {
  readonly conditions: Conditions;
}

/** What is known when it begins. */
export interface SuspendedRound {
  readonly suspended: Suspended;
  readonly revisions: Revisions;
  readonly inForce: InForce | undefined;
  /** Whether to ask the remote, too. */
  readonly looks: boolean;
  readonly signal: AbortSignal;
}

/** What such a round saw. */
export interface SuspendedView {
  readonly next: NextLook;
  /** The tip that the remote told of. */
  readonly tip?: string;
  /** A pass that did nothing. */
  readonly outcome?: PassOutcome;
}

/**
 * A round of a suspended host: asks the remote how far it is and looks at volumes and drift, so that the status stays
 * true, and fetches, trusts and changes nothing. Never throws.
 */
export async function suspendedRound(
  round: SuspendedRound,
  parts: SuspendedRoundParts,
): Promise<SuspendedView> {
  const { suspended, inForce } = round;
  const asked = round.looks ? await askTip(round, parts) : { next: AS_ALWAYS };
  const outcome = inForce === undefined ? undefined : await lookAtHost(inForce, parts);
  const word = suspendedWord(suspended);
  await parts.conditions.say(word, {
    type: 'Ready',
    status: 'False',
    reason: 'Suspended',
    message: word.message,
    observedRevision: inForce?.revision,
  });
  return { ...asked, ...(outcome === undefined ? {} : { outcome }) };
}

async function askTip(
  { signal, revisions }: SuspendedRound,
  { repo, emit, conditions }: SuspendedRoundParts,
): Promise<Pick<SuspendedView, 'next' | 'tip'>> {
  try {
    const tip = await repo.tip(signal);
    const isNew = tip !== revisions.trusted;
    emit({ kind: 'look.ended', revision: tip, isNew });
    const waits = isNew ? '; it waits until the host is resumed' : '';
    await conditions.say({
      type: 'Fetched',
      status: 'True',
      reason: 'Succeeded',
      message: `The branch is at ${tip.slice(0, 10)}${waits}.`,
      observedRevision: tip,
    });
    return { next: AS_ALWAYS, tip };
  } catch (error) {
    if (signal.aborted) return { next: AS_ALWAYS };
    const fault = faultOf(error);
    emit({ kind: 'look.failed', fault });
    const words = fetchFailedWords(fault, { stalls: error instanceof Stalled, revisions });
    await conditions.say(...words);
    return { next: nextLookAfter(error) };
  }
}

/** Undefined when it cannot be looked at: the condition Applied says why from the last pass, or the next one will. */
async function lookAtHost(
  { state, desired }: InForce,
  parts: SuspendedRoundParts,
): Promise<PassOutcome | undefined> {
  try {
    const prepared = await preparePass(state, desired, parts);
    await parts.conditions.say(volumesWord(prepared.view.guarded), leftAloneWord(prepared.plan));
    return { ...prepared, settled: NOTHING_SETTLED };
  } catch (error) {
    const { reason, message } = faultOf(error);
    await parts.conditions.say({ type: 'VolumesGuarded', status: 'Unknown', reason, message });
    return undefined;
  }
}
