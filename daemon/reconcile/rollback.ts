import type { Reason, ResourceStatus } from '../../state-schema/generated/status.ts';
import type { QuarantinedRevision, Revisions } from '../store/store.ts';

/** So many are remembered; older ones can come back only by a rewrite of the branch, which a person accepts. */
const REMEMBERED = 10;
/** So many resources are named of what a revision could not do. */
const NAMED = 3;

/** What disks, guards, missing programs and other people do to any revision: going back to another one could not mend it. */
const NOT_ITS_FAULT: ReadonlySet<Reason> = new Set<Reason>([
  'NoSpace',
  'InputOutputError',
  'ReadOnly',
  'DiskErrors',
  'BelowMinimumFree',
  'GuardFailed',
  'NotMounted',
  'TimedOut',
  'Flapping',
  'ProgramMissing',
  'SecretMissing',
  'InternalError',
]);

/** A pass that has ended. */
export interface EndedPass {
  readonly revision: string;
  readonly failed: readonly Pick<ResourceStatus, 'id' | 'kind' | 'reason' | 'message'>[];
  /** Whether the state repo asks to go back. */
  readonly rollback: boolean;
  /** UTC, ISO 8601. */
  readonly now: string;
}

/** What to do next, and what to remember in the same step; without `change` nothing is new. */
export interface RollbackStep {
  readonly kind: 'go-on' | 'good' | 'roll-back' | 'take-again';
  readonly change?: { readonly [K in keyof Revisions]?: Revisions[K] | null };
}

/**
 * Which revision the host should be made to match. Everything follows from what is remembered, so that a daemon that is
 * killed in the middle of going back goes on with it when it starts.
 */
export function enforcedRevision(memory: Revisions): string | undefined {
  return quarantineOf(memory) === undefined ? memory.trusted : memory.lastGood;
}

/** The entry of the trusted revision, when it is in quarantine and there is another to go back to. */
export function quarantineOf({ trusted, lastGood, quarantined }: Revisions): QuarantinedRevision | undefined {
  return lastGood === undefined ? undefined : quarantined?.find(({ revision }) => revision === trusted);
}

/** What to remember when a revision is trusted. `failing`: the resources that are failed now. Pure. */
export function beginTrial(
  memory: Revisions,
  revision: string,
  failing: readonly string[],
): { readonly trial: NonNullable<Revisions['trial']> | null } {
  if (memory.lastGood === undefined || memory.lastGood === revision) return { trial: null };
  // What stood in the way of the last good one while it was in force is not the fault of any that came after it.
  const failedBefore =
    enforcedRevision(memory) === memory.lastGood ? failing : (memory.trial?.failedBefore ?? []);
  return { trial: { revision, failedBefore: [...failedBefore] } };
}

/** A person says that what is in quarantine may be tried again; undefined when nothing is. Pure. */
export function release(memory: Revisions, failing: readonly string[]): RollbackStep['change'] | undefined {
  if ((memory.quarantined ?? []).length === 0) return undefined;
  const { trusted } = memory;
  const isHeld = quarantineOf(memory) !== undefined && trusted !== undefined;
  return {
    quarantined: null,
    ...(isHeld ? { trial: { revision: trusted, failedBefore: [...failing] } } : {}),
  };
}

/**
 * Judges a revision by a pass that has ended. Pure.
 *
 *   push ─▶ on trial ──nothing failed──▶ good (the last good one from now on; older quarantine is forgotten)
 *             │  ▲
 *             │  └───────────── release ─────────────┐
 *             │ something failed that did not before │
 *             ▼                                      │
 *       in quarantine: the last good one is applied again ──part of it is mended──▶ settled: waits for a push
 *             │
 *             │ all of it fails under the last good one, too: something else broke
 *             ▼
 *         blameless: taken again, and kept whatever fails
 *
 * A revision goes back once and forth once at the most; waiting is not failing; what a disk or a guard does is nobody's
 * fault; the first revision ever has nothing to go back to.
 */
export function judgePass(memory: Revisions, pass: EndedPass): RollbackStep {
  const entry = quarantineOf(memory);
  if (entry === undefined) return pass.revision === memory.trusted ? judgeTrial(memory, pass) : GO_ON;
  return pass.revision === memory.lastGood && !entry.isSettled ? judgeReturn(memory, entry, pass) : GO_ON;
}

const GO_ON: RollbackStep = { kind: 'go-on' };

function judgeTrial(memory: Revisions, pass: EndedPass): RollbackStep {
  const { lastGood, trial } = memory;
  const { revision } = pass;
  if (pass.failed.length === 0) {
    if (lastGood === revision) return trial === undefined ? GO_ON : { kind: 'good', change: { trial: null } };
    return { kind: 'good', change: { lastGood: revision, trial: null, quarantined: null } };
  }
  if (lastGood === undefined || trial?.revision !== revision || trial.isBlameless === true) return GO_ON;
  const before = new Set(trial.failedBefore);
  const blamed = pass.failed.filter((one) => isItsFault(one) && !before.has(one.id));
  if (blamed.length === 0 || !pass.rollback) return GO_ON;
  const entry: QuarantinedRevision = {
    revision,
    reason: 'ResourcesFailed',
    message: blamedWords(blamed),
    since: pass.now,
    failed: blamed.map(({ id }) => id),
    isSettled: false,
  };
  const quarantined = [...(memory.quarantined ?? []), entry].slice(-REMEMBERED);
  return { kind: 'roll-back', change: { quarantined, trial: null } };
}

function judgeReturn(memory: Revisions, entry: QuarantinedRevision, pass: EndedPass): RollbackStep {
  const failing = new Set(pass.failed.map(({ id }) => id));
  const others = (memory.quarantined ?? []).filter((one) => one !== entry);
  if (entry.failed.some((id) => !failing.has(id)))
    return { kind: 'go-on', change: { quarantined: [...others, { ...entry, isSettled: true }] } };
  const trial = { revision: entry.revision, failedBefore: [], isBlameless: true };
  return { kind: 'take-again', change: { quarantined: others, trial } };
}

function isItsFault({ kind, reason }: EndedPass['failed'][number]): boolean {
  return kind !== 'volume' && (reason === undefined || !NOT_ITS_FAULT.has(reason));
}

function blamedWords(blamed: EndedPass['failed']): string {
  const named = blamed.slice(0, NAMED).map(({ id, message }) => message ?? id);
  const more = blamed.length > NAMED ? ` (and ${blamed.length - NAMED} more)` : '';
  return `${named.join('; ')}${more}`;
}
