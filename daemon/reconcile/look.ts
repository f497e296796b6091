import type { AllowSettings } from '../../state-schema/generated/host-settings.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import type { RefusedCommit } from '../../state-schema/generated/status.ts';
import type { Problem } from '../../state-schema/problem.ts';
import { Transient, type Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { StateRepo } from '../git/state-repo.ts';
import type { SourceVerifier } from '../git/verify-source.ts';
import type { HostParser } from '../parse/parse-host.ts';
import type { Revisions } from '../store/store.ts';
import { quarantineOf } from './rollback.ts';
import { quarantineFault } from './rollback-words.ts';

/** What looking for a new revision needs. */
export interface LookParts {
  readonly repo: StateRepo;
  /** Given when every commit must be signed. */
  readonly verifier?: SourceVerifier;
  readonly parser: HostParser;
  readonly host: string;
  readonly allow: AllowSettings;
  readonly emit: Emit;
}

/**
 * What a look found. `rejected` changes nothing on the host: the last good revision goes on.
 *
 *   tip ──same as trusted──▶ unchanged
 *    │
 *    └─fetch──▶ ancestry ──▶ signatures ──▶ parse ──▶ accepted
 *                  │              │           │
 *                  └──────────────┴──▶ rejected
 */
export type Look =
  | { readonly kind: 'unchanged'; readonly tip: string }
  | {
      readonly kind: 'accepted';
      readonly tip: string;
      readonly state: HostState;
      /** Whose signature it carries, when signatures are asked for. */
      readonly verification?: Revisions['verification'];
    }
  | {
      readonly kind: 'rejected';
      readonly tip: string;
      readonly fault: Fault;
      readonly problems: readonly Problem[];
      /** The commit without a good signature, when that is why. */
      readonly commit?: RefusedCommit;
      /** With which allowed signers it was looked into. */
      readonly signers?: string;
    };

/** A tip that this process rejected, and with which allowed signers. */
export interface RejectedTip {
  readonly revision: string;
  readonly signers: string | undefined;
}

/**
 * Asks the remote for its tip and, when that is new, takes it through every check before it may be trusted.
 * Throws `Stalled` or `Transient` when the remote cannot be asked.
 */
export async function look(
  known: { readonly revisions: Revisions; readonly rejectedHere?: RejectedTip },
  parts: LookParts,
  signal: AbortSignal,
): Promise<Look> {
  const { revisions } = known;
  const tip = await parts.repo.tip(signal);
  const isNew = tip !== revisions.trusted;
  parts.emit({ kind: 'look.ended', revision: tip, isNew });
  if (!isNew) return { kind: 'unchanged', tip };
  const bad = triedBefore(tip, revisions);
  if (bad !== undefined) return bad;
  const signers = await parts.verifier?.version();
  if (tip === known.rejectedHere?.revision && signers === known.rejectedHere.signers) {
    const before = rejectedBefore(tip, revisions);
    if (tip !== revisions.acceptedRewrite || before.fault.reason !== 'RewriteRefused') return before;
  }
  const found = await lookInto({ tip, revisions }, parts, signal);
  return signers === undefined || found.kind !== 'rejected' ? found : { ...found, signers };
}

/** What could not be carried out is not tried again, also when it was taken out of the branch and comes back. */
function triedBefore(tip: string, { quarantined, lastGood }: Revisions): Look | undefined {
  const bad = quarantined?.find(({ revision }) => revision === tip);
  if (bad === undefined || lastGood === undefined) return undefined;
  return { kind: 'rejected', tip, fault: quarantineFault(bad, lastGood), problems: [] };
}

async function lookInto(
  { tip, revisions }: { readonly tip: string; readonly revisions: Revisions },
  parts: LookParts,
  signal: AbortSignal,
): Promise<Look> {
  const { trusted, acceptedRewrite } = revisions;
  const about = trusted === undefined ? {} : { trusted };
  const revision = await parts.repo.fetch({ revision: tip, ...about, signal });
  parts.emit({ kind: 'revision.fetched', revision });
  // What the fetch brought may be another commit than the one that the remote named before.
  if (revision === trusted) return { kind: 'unchanged', tip: revision };
  const bad = triedBefore(revision, revisions);
  if (bad !== undefined) return bad;
  const found = await baseOf(revision, revisions, { repo: parts.repo, signal });
  if (trusted !== undefined && found === undefined && revision !== acceptedRewrite)
    return { kind: 'rejected', tip: revision, fault: rewriteFault(trusted, revision), problems: [] };
  return checkSigned({ revision, base: found ?? trusted }, parts, signal);
}

async function checkSigned(
  { revision, base }: { readonly revision: string; readonly base: string | undefined },
  parts: LookParts,
  signal: AbortSignal,
): Promise<Look> {
  if (parts.verifier === undefined) return readRevision(revision, parts, signal);
  // Taken before: who is taken out of the files meanwhile makes what was found out of date, not up to date.
  const version = await parts.verifier.version();
  const trusted = base === undefined ? {} : { trusted: base };
  const found = await parts.verifier.verify(parts.repo, { revision, ...trusted, signal });
  if (found.kind === 'refused') return { ...found, kind: 'rejected', tip: revision, problems: [] };
  const read = await readRevision(revision, parts, signal);
  if (read.kind !== 'accepted') return read;
  const { verified } = found;
  return { ...read, verification: { revision, version, ...(verified === undefined ? {} : { verified }) } };
}

/**
 * The revision that this one builds on, after which every commit is looked at; undefined when history was rewritten.
 * A fix is pushed on top of what is trusted. What is in quarantine may also be taken out of the branch again: then the
 * base is what the host went back to, and the mirror may not even have the other any more.
 */
async function baseOf(
  revision: string,
  known: Revisions,
  { repo, signal }: { readonly repo: StateRepo; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const { trusted, lastGood } = known;
  if (trusted !== undefined && (await repo.descends(trusted, revision, signal))) return trusted;
  if (quarantineOf(known) === undefined || lastGood === undefined) return undefined;
  return (await repo.descends(lastGood, revision, signal)) ? lastGood : undefined;
}

/** Reads and checks what a revision says of this host. */
export async function readRevision(revision: string, parts: LookParts, signal: AbortSignal): Promise<Look> {
  const entries = await parts.repo.readState(revision, parts.host, signal);
  const parsed = await parts.parser.parse({ host: parts.host, entries, allow: parts.allow }, signal);
  if (parsed.ok) return { kind: 'accepted', tip: revision, state: parsed.state };
  if ('fault' in parsed) throw new Transient(parsed.fault);
  return {
    kind: 'rejected',
    tip: revision,
    fault: invalidFault(revision, parsed.problems),
    problems: parsed.problems,
  };
}

/** Nothing about it can have changed since: say what was said, without fetching and reading it again. */
function rejectedBefore(tip: string, { trusted, rejected }: Revisions): Look & { readonly kind: 'rejected' } {
  const { problems = [], fault, commit } = rejected ?? {};
  const said =
    fault ??
    (problems.length > 0 || trusted === undefined ? invalidFault(tip, problems) : rewriteFault(trusted, tip));
  return { kind: 'rejected', tip, fault: said, problems, ...(commit === undefined ? {} : { commit }) };
}

function rewriteFault(trusted: string, revision: string): Fault {
  return {
    reason: 'RewriteRefused',
    message: `the branch was rewritten: ${revision.slice(0, 10)} does not descend from ${trusted.slice(0, 10)}, the last trusted revision, so work that was pushed may be gone`,
    next: `look at both, then push one that descends from it, or: anchord accept-rewrite ${revision}`,
  };
}

function invalidFault(revision: string, problems: readonly Problem[]): Fault {
  const hostMissing = problems.find((problem) => problem.code === 'host-missing');
  if (hostMissing !== undefined) return { reason: 'HostMissing', message: hostMissing.message };
  const [first] = problems;
  const where = first === undefined ? '' : `: ${first.file}:${first.line}:${first.column}: ${first.message}`;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return {
    reason: 'RevisionInvalid',
    message: `revision ${revision.slice(0, 10)} is not valid${where}${more}`,
  };
}
