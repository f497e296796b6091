import type { Condition } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ConditionWord } from '../status/conditions.ts';
import type { Revisions } from '../store/store.ts';
import { driftedWord } from './drifted-word.ts';
import { quarantineOf } from './rollback.ts';
import { stalledWord } from './rollback-words.ts';
import type { PassOutcome } from './run-pass.ts';
import { volumesWord } from './volumes-word.ts';

/** The remote answered. */
export function fetchedWords(tip: string): readonly ConditionWord[] {
  return [
    {
      type: 'Fetched',
      status: 'True',
      reason: 'Succeeded',
      message: `The branch is at ${short(tip)}.`,
      observedRevision: tip,
    },
  ];
}

/** The remote could not be asked. */
export function fetchFailedWords(
  fault: Fault,
  known: { readonly stalls: boolean; readonly revisions: Revisions },
): readonly ConditionWord[] {
  const message = faultText(fault);
  const words: ConditionWord[] = [{ type: 'Fetched', status: 'False', reason: fault.reason, message }];
  if (known.stalls) words.push({ type: 'Stalled', status: 'True', reason: fault.reason, message });
  // A person is no longer asked for what may now mend itself; a refused revision still waits for one.
  else if (known.revisions.rejected === undefined) words.push(stalledWord(known.revisions));
  return words;
}

/** A revision was not accepted. */
export function rejectedWords(revision: string, fault: Fault): readonly ConditionWord[] {
  const message = faultText(fault);
  return [
    { type: 'Stalled', status: 'True', reason: fault.reason, message, observedRevision: revision },
    {
      type: 'Reconciling',
      status: 'False',
      reason: fault.reason,
      message: `Not going on with ${short(revision)}.`,
    },
  ];
}

/**
 * Nothing is under way; nothing stalls unless a revision is rejected or in quarantine, or the last look did. `stalls`: what
 * that look said; a pass that goes well says nothing of the remote.
 */
export function idleWords(
  revision: string,
  known: Revisions,
  stalls: ConditionWord | undefined,
): readonly ConditionWord[] {
  const words: ConditionWord[] = [
    { type: 'Reconciling', status: 'False', reason: 'Succeeded', message: `Done with ${short(revision)}.` },
  ];
  if (stalls !== undefined) words.push(stalls);
  else if (known.rejected === undefined) words.push(stalledWord(known));
  return words;
}

/**
 * Ready is the summary: the newest revision was accepted and the host matches it. The first of these that stands in the
 * way is the one it names.
 */
export function readyWord(
  revision: string | undefined,
  known: (type: 'Stalled' | 'Fetched' | 'Applied') => Condition | undefined,
): ConditionWord {
  const stalled = known('Stalled');
  const fetched = known('Fetched');
  const applied = known('Applied');
  const hindrance =
    (stalled?.status === 'True' ? stalled : undefined) ??
    (applied?.status === 'True' ? undefined : applied) ??
    (fetched?.status === 'True' ? undefined : fetched);
  if (hindrance !== undefined) {
    return {
      type: 'Ready',
      status: 'False',
      reason: hindrance.reason,
      message: hindrance.message,
      observedRevision: revision,
    };
  }
  if (revision === undefined || applied === undefined) {
    return { type: 'Ready', status: 'Unknown', reason: 'Starting', message: 'No revision is in force yet.' };
  }
  return {
    type: 'Ready',
    status: 'True',
    reason: 'AllInSync',
    message: `The host is what ${short(revision)} says.`,
    observedRevision: revision,
  };
}

/** A pass ended. */
export function appliedWords(
  revision: string,
  outcome: PassOutcome,
  known: Revisions,
): readonly ConditionWord[] {
  return [
    { type: 'Applied', observedRevision: revision, ...appliedWord(revision, outcome.settled, known) },
    driftedWord(outcome),
    volumesWord(outcome.view.guarded),
  ];
}

function appliedWord(
  revision: string,
  { failed, waiting }: PassOutcome['settled'],
  known: Revisions,
): Pick<ConditionWord, 'status' | 'reason' | 'message'> {
  const rest = `the others match ${short(revision)}`;
  const counts = `${failed} failed and ${waiting} wait; ${rest}.`;
  const entry = quarantineOf(known);
  if (entry !== undefined) {
    const reason = failed > 0 ? 'RollbackIncomplete' : 'RolledBack';
    const how = failed + waiting === 0 ? `The host matches ${short(revision)} again` : counts;
    return { status: 'False', reason, message: `${how}, not ${short(entry.revision)}.`.replace('.,', ',') };
  }
  if (failed + waiting === 0)
    return { status: 'True', reason: 'Succeeded', message: `The host matches ${short(revision)}.` };
  return {
    status: 'False',
    reason: failed > 0 ? 'ResourcesFailed' : 'ResourcesWaiting',
    message: counts,
  };
}

function short(revision: string): string {
  return revision.slice(0, 10);
}
