import type { Reason } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ConditionWord } from '../status/conditions.ts';
import type { Revisions } from '../store/store.ts';

/** Nobody asked for signatures. */
export const NOT_ASKED: ConditionWord = {
  type: 'SourceVerified',
  status: 'Unknown',
  reason: 'VerificationNotRequired',
  message: 'The host settings ask for no signatures.',
};

const REFUSALS: ReadonlySet<Reason> = new Set<Reason>([
  'NotSigned',
  'SignatureBad',
  'SignerNotAllowed',
  'SignatureExpired',
  'TooManyCommits',
  'HistoryIncomplete',
]);

/** Who signed what: the newest revision when it was refused for that, otherwise the one that is trusted. */
export function sourceWord({ trusted, rejected, verification }: Revisions): ConditionWord {
  if (rejected?.fault !== undefined && REFUSALS.has(rejected.fault.reason))
    return notVerified(rejected.fault, rejected.revision);
  if (trusted === undefined || verification === undefined) {
    const message = 'No revision has been checked yet.';
    return { type: 'SourceVerified', status: 'Unknown', reason: 'NotChecked', message };
  }
  const { verified, fault } = verification;
  if (verified !== undefined) {
    return {
      type: 'SourceVerified',
      status: 'True',
      reason: 'SignaturesGood',
      message: `${trusted.slice(0, 10)} was signed by ${verified.by} (${verified.method}, ${verified.key}).`,
      observedRevision: trusted,
    };
  }
  // It was accepted before signatures were asked for, or its signer is none any more: that undoes nothing.
  const why = fault?.message ?? `${trusted.slice(0, 10)} is not signed as it should be`;
  const reason = fault?.reason ?? 'NotSigned';
  const message = `${why}; it was accepted before that was so, and stays in force`;
  const next = 'look at what it changed, and push a signed commit on top';
  return notVerified({ reason, message, next }, trusted);
}

/** The files that say who may sign cannot be used. */
export function signersUnusableWords(fault: Fault): readonly ConditionWord[] {
  const message = faultText(fault);
  return [
    { type: 'SourceVerified', status: 'False', reason: fault.reason, message },
    { type: 'Stalled', status: 'True', reason: fault.reason, message },
  ];
}

function notVerified(fault: Fault, revision: string): ConditionWord {
  const message = faultText(fault);
  return {
    type: 'SourceVerified',
    status: 'False',
    reason: fault.reason,
    message,
    observedRevision: revision,
  };
}
