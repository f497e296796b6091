import type { CopyProof, PolicyStatus, Progress, Run } from '../../state-schema/generated/status.ts';
import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ScheduleRow } from '../store/store.ts';
import { carriedOut } from './carried-out.ts';
import { keepWords } from './keep-words.ts';
import { nextRun } from './next-run.ts';
import type { RunnablePolicy } from './runnable-policies.ts';
import { successWords } from './success-words.ts';

const MINUTE_MS = 60_000;
/** How late a run may be, at the least and at the most; in between, half its period. */
const GRACE_MS = { least: 10 * MINUTE_MS, most: 6 * 60 * MINUTE_MS };

/** All that is known of a policy. */
export interface PolicyFacts {
  readonly name: string;
  readonly policy: RunnablePolicy;
  readonly timezone: string;
  /** Absent before it was first scheduled. */
  readonly row?: ScheduleRow | undefined;
  /** Milliseconds it starts after its slots. */
  readonly delayMs: number;
  readonly last?: Run | undefined;
  readonly lastOk?: Run | undefined;
  /** The last drill that proved it. */
  readonly proof?: CopyProof | undefined;
  /** Present while it runs. */
  readonly running?: { readonly startedAt: string; readonly progress?: Progress | undefined } | undefined;
  /** Why a run that is due, or will be, does not start. */
  readonly hold?: Fault | undefined;
  /** Why a secret that it needs is the last one known, while whoever keeps it is down. */
  readonly stale?: Fault | undefined;
  readonly now: Date;
}

/** A run that takes longer no longer excuses that there is no good one: it may wait for a dead disk. Milliseconds. */
const HANGS_AFTER_MS = 24 * 60 * MINUTE_MS;

type Verdict = Pick<PolicyStatus, 'state' | 'reason' | 'message'>;

/** A policy's status: what it is, how it fares, and from when on silence means trouble. Pure. */
export function policyStatus(facts: PolicyFacts): PolicyStatus {
  const { name, policy, timezone, row, last, lastOk, running } = facts;
  const base = { name, kind: policy.kind, schedule: policy.schedule, timezone, ...ends(policy) };
  const fault = carriedOut(policy);
  if (fault !== undefined) {
    return { ...base, state: 'not-carried-out', reason: fault.reason, message: fault.message };
  }
  const overdueAfter = overdueAt(facts);
  return {
    ...base,
    ...verdict(facts, overdueAfter),
    ...(row === undefined
      ? {}
      : { nextRunAt: isoSeconds(new Date(new Date(row.nextRunAt).getTime() + facts.delayMs)) }),
    ...(overdueAfter === undefined ? {} : { overdueAfter: isoSeconds(overdueAfter) }),
    ...(last === undefined ? {} : { lastRun: last }),
    ...(lastOk === undefined ? {} : { lastSuccessAt: lastOk.endedAt }),
    ...(facts.proof === undefined ? {} : { proof: facts.proof }),
    ...(running?.progress === undefined ? {} : { progress: running.progress }),
  };
}

function verdict(facts: PolicyFacts, overdueAfter: Date | undefined): Verdict {
  const { hold, last, now } = facts;
  const late = overdueAfter !== undefined && overdueAfter <= now ? overdueAfter : undefined;
  const running = runningVerdict(facts, late);
  if (running !== undefined) return running;
  if (hold !== undefined) return { state: 'waiting', reason: hold.reason, message: faultText(hold) };
  const failure = last === undefined ? undefined : failureOf(last);
  if (failure !== undefined) return failure;
  if (late !== undefined) return overdue(facts, late);
  if (last === undefined) return { state: 'never-run', reason: 'NeverRun', message: 'has not run yet' };
  if (last.outcome === 'ok') return good(facts, last);
  return {
    state: 'waiting',
    reason: last.reason ?? 'Cancelled',
    message: last.message ?? `the last run was ${last.outcome}`,
  };
}

function good(facts: PolicyFacts, last: Run): Verdict {
  const { stale } = facts;
  // Good so far, and not for long: after the next start of the daemon there is no last value.
  if (stale !== undefined) return { state: 'partial', reason: stale.reason, message: faultText(stale) };
  return { state: 'ok', reason: 'Succeeded', message: successWords(facts.policy.kind, last) };
}

function runningVerdict(facts: PolicyFacts, late: Date | undefined): Verdict | undefined {
  const { running, now } = facts;
  if (running === undefined) return undefined;
  const { startedAt } = running;
  const hangs = now.getTime() - new Date(startedAt).getTime() > HANGS_AFTER_MS;
  if (late !== undefined && hangs) return overdue(facts, late, `, and one runs since ${startedAt}`);
  return { state: 'running', reason: 'Running', message: `running since ${startedAt}` };
}

function failureOf(last: Run): Verdict | undefined {
  const { outcome } = last;
  // Nothing is wrong: a person has not said yes yet.
  if (outcome === 'refused' && last.reason === 'FirstRun')
    return { state: 'waiting', ...said(last, 'FirstRun') };
  if (outcome === 'failed' || outcome === 'refused')
    return { state: 'failed', ...said(last, 'BackupFailed') };
  // After a good backup too: that nothing is forgotten or proved any more must not stay unseen for weeks.
  const lacks = outcome === 'ok' && last.reason !== undefined;
  return outcome === 'partial' || lacks ? { state: 'partial', ...said(last, 'BackupPartial') } : undefined;
}

function said(
  last: Run,
  reason: 'BackupFailed' | 'BackupPartial' | 'FirstRun',
): Pick<Verdict, 'reason' | 'message'> {
  return { reason: last.reason ?? reason, message: last.message ?? `the last run was ${last.outcome}` };
}

function overdue(facts: PolicyFacts, since: Date, more = ''): Verdict {
  const good =
    facts.lastOk === undefined
      ? 'it has never had a good run'
      : `its last good run ended at ${facts.lastOk.endedAt}`;
  return {
    state: 'overdue',
    reason: 'Overdue',
    message: `no good run by ${isoSeconds(since)}: ${good}${more}`,
  };
}

/** The slot after the last good run, plus some time to do it in. */
function overdueAt(facts: PolicyFacts): Date | undefined {
  const { policy, timezone, delayMs, lastOk, row, now } = facts;
  const schedule = { cron: policy.schedule, timezone };
  if (lastOk === undefined && row === undefined) return undefined;
  // A good run from the future must not vouch for years to come.
  const from =
    lastOk === undefined
      ? undefined
      : new Date(Math.min(new Date(lastOk.startedAt).getTime(), now.getTime()) - delayMs);
  const expected =
    from === undefined ? new Date(row?.nextRunAt ?? now) : nextRun({ ...schedule, after: from });
  const periodMs = nextRun({ ...schedule, after: expected }).getTime() - expected.getTime();
  const graceMs = Math.min(Math.max(periodMs / 2, GRACE_MS.least), GRACE_MS.most);
  return new Date(expected.getTime() + delayMs + graceMs + 2 * durationMs(lastOk));
}

function durationMs(run: Run | undefined): number {
  if (run === undefined) return 0;
  return Math.max(0, new Date(run.endedAt).getTime() - new Date(run.startedAt).getTime());
}

function ends(policy: RunnablePolicy): Pick<PolicyStatus, 'source' | 'target' | 'keep'> {
  switch (policy.kind) {
    case 'backup':
      return { source: policy.source, target: policy.repository, keep: keepWords(policy.keep) };
    case 'mirror':
      return { source: policy.source, target: policy.destination };
    case 'graduate':
      return { source: policy.from, target: policy.to };
    case 'purge':
      return { source: policy.path };
    case 'check':
    case 'drill':
      return { source: policy.of.join(', ') };
    case 'prune':
    case 'state':
      return { source: policy.of, target: policy.backup.repository };
    case 'tier':
      return {};
  }
}
