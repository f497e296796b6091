import type { Pass } from '../../state-schema/generated/history.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import type { PassDeed, RevisionsChange } from '../store/store.ts';
import type { AuditFact } from './fact.ts';

/** So many resources of a pass are named. */
const NAMED_DEEDS = 50;

/** What a change of the revisions means for the audit; that a remote was looked at means nothing. Pure. */
export function revisionFacts({ trusted, rejected, acceptedRewrite }: RevisionsChange): readonly AuditFact[] {
  const facts: AuditFact[] = [];
  if (typeof trusted === 'string') facts.push({ kind: 'revision.trusted', facts: { revision: trusted } });
  if (typeof acceptedRewrite === 'string')
    facts.push({ kind: 'rewrite.accepted', facts: { revision: acceptedRewrite } });
  if (rejected !== undefined && rejected !== null) {
    const { revision, message, problems } = rejected;
    facts.push({ kind: 'revision.rejected', facts: { revision, message, problems: problems.length } });
  }
  return facts;
}

/** A pass that changed something, or could not. That of a refused revision is told by the refusal. Pure. */
export function passFacts(pass: Pass, deeds: readonly PassDeed[]): readonly AuditFact[] {
  if (pass.result === 'refused') return [];
  const { id, revision, result, changed, repaired, failed, waiting } = pass;
  const did = deeds.slice(0, NAMED_DEEDS).map(({ id: resource, kind, what }) => ({ resource, kind, what }));
  const counts = { changed, repaired, failed, waiting };
  return [
    {
      kind: 'pass.ended',
      facts: { pass: id, revision, result, ...counts, did, unnamed: deeds.length - did.length },
    },
  ];
}

/** A run, told once it has ended; one that a crash cut off is ended by the next start. Pure. */
export function runEnded(run: Run): AuditFact {
  const { id, policy, trigger, scheduledFor, startedAt, outcome, reason, message, unreadable } = run;
  const { snapshot, files, bytes, bytesAdded, moved, removed } = run;
  const began = { trigger, scheduledFor, startedAt };
  const figures = { snapshot, files, bytes, bytesAdded, moved, removed, unreadable: unreadable?.length };
  return { kind: 'run.ended', facts: { run: id, policy, ...began, outcome, reason, message, ...figures } };
}
