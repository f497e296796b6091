import type {
  Condition,
  PolicyStatus,
  Reason,
  Status,
  Summary,
} from '../../state-schema/generated/status.ts';
import { reasonSentences } from '../../state-schema/reasons.ts';
import { faultOfText } from '../fault-text.ts';

/** Whoever pushes names the author: quoted and short, so that it cannot speak for the host. Characters. */
const AUTHOR_LIMIT = 60;

type Unsummed = Omit<Status, 'summary'>;

/** What can be said, worst first: the first that applies is the sentence. */
const WORST_FIRST: readonly ((status: Unsummed) => Summary | undefined)[] = [
  refused,
  volumesFailed,
  resourcesFailed,
  auditDamaged,
  (status) => policiesBad(status, 'failed'),
  (status) => policiesBad(status, 'partial'),
  volumesFull,
  (status) => policiesBad(status, 'overdue'),
  (status) => policiesBad(status, 'waiting'),
  (status) => conditionFalse(status, 'Fetched', 'cannot look for new revisions'),
  (status) =>
    conditionFalse(status, 'SourceVerified', 'follows a revision whose signature does not count any more'),
  (status) => conditionFalse(status, 'StatusPublished', 'cannot publish its status'),
  (status) => conditionFalse(status, 'Audited', 'cannot write its audit'),
  (status) => conditionFalse(status, 'ClockTrusted', 'deletes nothing by age'),
  resourcesWaiting,
  (status) => conditionFalse(status, 'Applied', 'could not be made to match'),
  notReady,
  busy,
];

/** One sentence for a person: the worst thing first, why, and what to do next. Pure. */
export function summarySentence(status: Unsummed): Summary {
  const worst = worstOf(status);
  const suspended = find(status.conditions, 'Suspended', 'True');
  return suspended === undefined ? worst : suspendedSummary(status, suspended, worst);
}

/** That a person stopped the host comes first; what is wrong besides is not hidden by it. */
function suspendedSummary({ host }: Unsummed, suspended: Condition, worst: Summary): Summary {
  const { reason, next } = reasonAndNext(suspended.message);
  const base = next === undefined ? {} : { next };
  const sentence = `${host} is ${reason}`;
  if (worst.level === 'ok' || worst.level === 'busy')
    return { level: 'warning', sentence: `${sentence}.`, ...base };
  const level = worst.level === 'failed' ? 'failed' : 'warning';
  return { level, sentence: `${sentence}; besides, ${worst.sentence}`, ...base };
}

function worstOf(status: Unsummed): Summary {
  for (const say of WORST_FIRST) {
    const summary = say(status);
    if (summary !== undefined) return summary;
  }
  return allIsWell(status);
}

function refused({ host, conditions, problems, source }: Unsummed): Summary | undefined {
  const stalled = find(conditions, 'Stalled', 'True');
  if (stalled === undefined) return undefined;
  const goesOn = source.applied === undefined ? 'nothing is applied yet' : `${short(source.applied)} goes on`;
  if (stalled.reason === 'RevisionInvalid') {
    const count = problems.length === 1 ? 'one fault' : `${problems.length} faults`;
    return {
      level: 'failed',
      sentence: `${host} did not accept revision ${short(source.attempted)}: it has ${count}; ${goesOn}.`,
      reason: stalled.message,
      next: 'mend what is named and push again',
    };
  }
  if (stalled.reason === 'RolledBack') {
    return {
      level: 'failed',
      sentence: `${host} went back to ${short(source.applied)}: revision ${short(stalled.observedRevision)} could not be carried out.`,
      ...reasonAndNext(stalled.message),
    };
  }
  if (source.refused !== undefined && stalled.reason === source.refused.reason) {
    const { sha, author } = source.refused;
    return {
      level: 'failed',
      sentence: `${host} did not accept revision ${short(source.attempted)}: commit ${short(sha)} by “${author.slice(0, AUTHOR_LIMIT)}” ${signatureWords(stalled.reason)}; ${goesOn}.`,
      ...reasonAndNext(stalled.message),
    };
  }
  return {
    level: 'failed',
    sentence: `${host} needs a person: ${clause(reasonSentences[stalled.reason])}; ${goesOn}.`,
    ...reasonAndNext(stalled.message),
  };
}

/** A sentence as the later part of another one. */
function clause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

function signatureWords(reason: Condition['reason']): string {
  if (reason === 'NotSigned') return 'is not signed';
  return reason === 'SignerNotAllowed' ? 'is signed by a stranger' : 'has no signature that counts';
}

function volumesFailed({ host, volumes }: Unsummed): Summary | undefined {
  const failed = volumes.filter((volume) => volume.guard === 'failed');
  if (failed.length === 0) return undefined;
  const names = failed.map((volume) => volume.name).join(', ');
  return {
    level: 'failed',
    sentence: `${host} does not touch ${names}: ${failed.length === 1 ? 'its guard' : 'their guards'} failed.`,
    ...reasonAndNext(failed[0]?.message ?? ''),
  };
}

/** Said before what waits because of it. */
function volumesFull({ host, volumes }: Unsummed): Summary | undefined {
  const full = volumes.filter((volume) => volume.guard === 'full');
  if (full.length === 0) return undefined;
  return {
    level: 'warning',
    sentence: `${host} writes nothing new to ${full.map((volume) => volume.name).join(', ')}: too little is free.`,
    ...reasonAndNext(full[0]?.message ?? ''),
  };
}

function resourcesFailed({ host, resources }: Unsummed): Summary | undefined {
  const count = resources.counts['failed'] ?? 0;
  const first = resources.items.find((item) => item.state === 'failed');
  if (count === 0 || first === undefined) return undefined;
  const what = count === 1 ? first.id.replace(':', ' ') : `${count} resources`;
  const words =
    count === 1 && first.reason === 'Flapping'
      ? `leaves ${what} alone: something changes it again and again`
      : `could not make ${what} right`;
  return {
    level: 'failed',
    sentence: `${host} ${words}.`,
    ...reasonAndNext(first.message ?? ''),
  };
}

function auditDamaged({ host, conditions }: Unsummed): Summary | undefined {
  const condition = find(conditions, 'Audited', 'False');
  if (condition?.reason !== 'AuditTampered') return undefined;
  return {
    level: 'failed',
    sentence: `Somebody changed the audit of ${host}.`,
    ...reasonAndNext(condition.message),
  };
}

function policiesBad(
  { policies }: Unsummed,
  state: 'failed' | 'partial' | 'overdue' | 'waiting',
): Summary | undefined {
  const bad = policies.filter((policy) => policy.state === state && policy.reason !== 'Suspended');
  const [first] = bad;
  if (first === undefined) return undefined;
  const others = bad.length === 1 ? '' : ` and ${bad.length - 1} more`;
  return {
    level: state === 'failed' ? 'failed' : 'warning',
    sentence: `${first.name}${others} ${policyWords(first, state)}.`,
    ...reasonAndNext(first.message),
  };
}

/** What is not as it should be although there is a new copy. */
const PARTIAL_WORDS: Readonly<Partial<Record<Reason, string>>> = {
  SnapshotSuspect: 'has a suspect snapshot',
  LimitExceeded: 'waits for a word before it forgets',
  ForgetFailed: 'forgets no old snapshots',
  ManifestFailed: 'was copied and cannot be proved',
  FreezeFailed: 'was copied, and what it froze may still stand still',
};

function policyWords(policy: PolicyStatus, state: 'failed' | 'partial' | 'overdue' | 'waiting'): string {
  const since =
    policy.lastSuccessAt === undefined ? 'and never ran well' : `last good run ${policy.lastSuccessAt}`;
  switch (state) {
    case 'failed':
      return `failed, ${since}`;
    case 'partial':
      return PARTIAL_WORDS[policy.reason] ?? 'left something out';
    case 'overdue':
      return `is overdue, ${since}`;
    case 'waiting':
      return `cannot run, ${since}`;
  }
}

function conditionFalse(
  { host, conditions }: Unsummed,
  type: Condition['type'],
  words: string,
): Summary | undefined {
  const condition = find(conditions, type, 'False');
  if (condition === undefined || condition.reason === 'PublishPending') return undefined;
  return { level: 'warning', sentence: `${host} ${words}.`, ...reasonAndNext(condition.message) };
}

function resourcesWaiting({ host, resources }: Unsummed): Summary | undefined {
  const count = resources.counts['waiting'] ?? 0;
  const first = resources.items.find((item) => item.state === 'waiting');
  if (count === 0 || first === undefined) return undefined;
  const what = count === 1 ? 'One resource waits' : `${count} resources wait`;
  return { level: 'warning', sentence: `${what} on ${host}.`, ...reasonAndNext(first.message ?? '') };
}

function notReady({ host, source }: Unsummed): Summary | undefined {
  if (source.applied !== undefined) return undefined;
  return { level: 'unknown', sentence: `${host} has not been made to match any revision yet.` };
}

function busy({ host, conditions, policies }: Unsummed): Summary | undefined {
  const running = policies.find((policy) => policy.state === 'running');
  if (running !== undefined)
    return { level: 'busy', sentence: `${running.name} is running; all else is as it should be.` };
  const reconciling = find(conditions, 'Reconciling', 'True');
  return reconciling === undefined
    ? undefined
    : { level: 'busy', sentence: `${host} is being made to match ${reconciling.message}.` };
}

function allIsWell({ host, source, policies }: Unsummed): Summary {
  const backedUp = policies
    .filter((policy) => policy.kind === 'backup')
    .flatMap((policy) => policy.lastSuccessAt ?? [])
    .toSorted()
    .at(-1);
  const backup = backedUp === undefined ? '' : `; the newest backup is of ${backedUp}`;
  return { level: 'ok', sentence: `${host} is what revision ${short(source.applied)} says${backup}.` };
}

/** Readers show the next step on a line of its own. */
function reasonAndNext(text: string): { readonly reason: string; readonly next?: string } {
  const { message, next } = faultOfText(text);
  return { reason: message, ...(next === undefined ? {} : { next }) };
}

function find(
  conditions: readonly Condition[],
  type: Condition['type'],
  status: Condition['status'],
): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}

function short(revision: string | undefined): string {
  return revision === undefined ? '(none)' : revision.slice(0, 10);
}
