import { scheduleJob, type Job } from 'node-schedule';
import type { PolicyStatus, Run } from '../../state-schema/generated/status.ts';
import { lastProof } from '../drill/proof.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import { faultOf, type Fault } from '../errors.ts';
import type { OpenRun, ScheduleRow } from '../store/store.ts';
import { ActiveRuns, type StartResult } from './active-runs.ts';
import { afterRefusal } from './after-refusal.ts';
import { carriedOut } from './carried-out.ts';
import { due, type DueRun } from './due.ts';
import { initRepository, noRepository, type InitResult } from './init-repository.ts';
import { endInterruptedRuns } from './interrupted-runs.ts';
import { jitterMs } from './jitter.ts';
import type { PolicyParts } from './policy-parts.ts';
import { policyStatus, type PolicyFacts } from './policy-status.ts';
import { staleSecret } from './secrets-of.ts';
import { policyWork } from './policy-work.ts';
import type { NamedPolicy } from './named-policy.ts';
import { runnablePolicies, type RunnablePolicy } from './runnable-policies.ts';
import type { AcceptAnswer } from './plans/accept-answer.ts';
import type { PreviewResult } from './plans/policy-preview.ts';

const EVERY_MINUTE = '0 * * * * *';
const WATCHDOG_MS = 60_000;
const SOON_MS = 2_000;

type Found =
  | { readonly kind: 'found'; readonly named: NamedPolicy }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** What works on a policy beside its runs. */
export type PolicyUse<Answer> = (
  named: NamedPolicy,
  parts: PolicyParts,
  signal: AbortSignal,
) => Promise<Answer>;

interface Remembered {
  readonly rows: readonly ScheduleRow[];
  readonly lastRuns: ReadonlyMap<string, { readonly last: Run; readonly lastOk?: Run }>;
  readonly open: readonly OpenRun[];
}

/**
 * Runs the policies of the current revision when they are due, one run of a policy at a time. What is due is read from the
 * store each minute, so a restart, a sleep or a jump of the clock changes nothing about it.
 */
export class PolicyEngine implements AsyncDisposable {
  readonly #parts: PolicyParts;
  readonly #runs: ActiveRuns;
  /** Why policies that are due do not run. */
  readonly #holds = new Map<string, Fault>();
  #state: HostState | undefined;
  #policies: Readonly<Record<string, RunnablePolicy>> = {};
  #started = false;
  #hasEndedInterrupted = false;
  /** Runs of an anchord that was killed, whose programs are still at work, by policy. */
  #leftBehind: ReadonlyMap<string, Fault> = new Map();
  #soon: NodeJS.Timeout | undefined;
  #ending = false;
  readonly #stop = new AbortController();
  readonly #uses = new Set<Promise<unknown>>();
  #look: Promise<void> | undefined;
  #lookAgain = false;
  #job: Job | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(parts: PolicyParts) {
    this.#parts = parts;
    this.#runs = new ActiveRuns(parts);
  }

  /** Sets the policies, from a revision that was accepted. Runs under way go on as they were begun. */
  declare(state: HostState): void {
    this.#state = state;
    this.#policies = runnablePolicies(state, this.#parts.copyState !== undefined);
    if (this.#started) void this.wake();
  }

  /** Ends what a crash left open, and from then on wakes every minute. Never rejects. */
  async start(): Promise<void> {
    this.#started = true;
    this.#job = scheduleJob(EVERY_MINUTE, () => void this.wake());
    // The job sleeps until a time of day: for hours, when the clock is set back meanwhile. An interval does not care.
    this.#watchdog = setInterval(() => void this.wake(), WATCHDOG_MS);
    await this.wake();
  }

  /** Looks what is due and begins it. Resolves when it has begun, not when it has ended. Never rejects. */
  async wake(): Promise<void> {
    this.#lookAgain = true;
    this.#look ??= this.#lookWhileAsked().finally(() => {
      this.#look = undefined;
    });
    await this.#look;
  }

  /** Runs a policy now, whatever its schedule says. Guards and locks hold all the same. */
  async runNow(name: string, trigger: Run['trigger'] = 'person'): Promise<StartResult> {
    const found = this.#find(name);
    if (found.kind === 'refused') return found;
    const fault = await policyWork(found.named, this.#parts).preflight();
    return fault === undefined
      ? await this.#runs.begin(found.named, { trigger })
      : { kind: 'refused', fault };
  }

  /** Stops the run of a policy in this process; false when none is under way. It ends a little later, as cancelled. */
  cancel(name: string): boolean {
    return this.#runs.stop(name, { reason: 'Cancelled', message: 'stopped by a person' });
  }

  /** Makes or adopts the repository of a policy, because a person said so. */
  async init(name: string): Promise<InitResult> {
    const found = this.#find(name);
    if (found.kind === 'refused') return found;
    const { named } = found;
    const { policy } = named;
    if (policy.kind !== 'backup') return { kind: 'refused', fault: noRepository(named) };
    const result = await initRepository({ ...named, policy }, this.#parts);
    if (result.kind === 'refused') afterRefusal(result.fault.reason, named, this.#parts.secrets);
    else if (this.#started) void this.wake();
    return result;
  }

  /** What the next run of a policy would do. Changes nothing but the plan that may then be accepted. */
  async plan(name: string): Promise<PreviewResult> {
    const found = this.#find(name);
    if (found.kind === 'refused') return found;
    const { plan } = policyWork(found.named, this.#parts);
    return plan === undefined ? { kind: 'refused', fault: noPlan(found.named) } : await plan();
  }

  /** Accepts a plan, or a suspect snapshot, because a person said so. */
  async accept(name: string, id: string): Promise<AcceptAnswer> {
    const found = this.#find(name);
    if (found.kind === 'refused') return found;
    const { accept } = policyWork(found.named, this.#parts);
    return accept === undefined ? { kind: 'refused', fault: noPlan(found.named) } : await accept(id);
  }

  /**
   * Lets something else than a run work on a policy of the current revision, such as a restore: with what runs are given,
   * and told to stop when the engine ends. Gives why there is no such policy.
   */
  async use<Answer>(name: string, work: PolicyUse<Answer>): Promise<Answer | Fault> {
    const found = this.#find(name);
    if (found.kind === 'refused') return found.fault;
    const using = work(found.named, this.#parts, this.#stop.signal);
    this.#uses.add(using);
    try {
      return await using;
    } finally {
      this.#uses.delete(using);
    }
  }

  /** How every declared policy fares, in the order of their names. */
  async statuses(now: Date): Promise<readonly PolicyStatus[]> {
    const state = this.#state;
    if (state === undefined) return [];
    const { store } = this.#parts;
    const [rows, lastRuns, open] = await Promise.all([store.schedules(), store.lastRuns(), store.openRuns()]);
    const names = Object.keys(this.#policies).toSorted();
    return await Promise.all(
      names.map(async (name) =>
        policyStatus({ ...(await this.#facts(name, state, { rows, lastRuns, open })), now }),
      ),
    );
  }

  /** Begins nothing more, and stops what runs so that restic puts its locks away. What was stopped is caught up after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    this.#stop.abort();
    this.#job?.cancel();
    clearInterval(this.#watchdog);
    clearTimeout(this.#soon);
    await this.#runs.end({ reason: 'Interrupted', message: 'anchord was stopped while it ran' });
    await Promise.allSettled(this.#uses);
    await this.#look;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#lookAgain && !this.#ending) {
      this.#lookAgain = false;
      try {
        // Before anything begins; on a full disk it fails, and the next minute tries again.
        if (!this.#hasEndedInterrupted) this.#leftBehind = await endInterruptedRuns(this.#parts);
        this.#hasEndedInterrupted = this.#leftBehind.size === 0;
        if (!this.#hasEndedInterrupted) this.#lookSoon();
        await this.#beginWhatIsDue();
      } catch (error) {
        this.#parts.emit({ kind: 'policies.failed', fault: faultOf(error) });
      }
    }
  }

  /** What was left behind most often ends at its next word: nobody reads it any more. */
  #lookSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.wake(), SOON_MS);
  }

  async #beginWhatIsDue(): Promise<void> {
    const state = this.#state;
    if (state === undefined) return;
    const { store, clock } = this.#parts;
    const policies = Object.entries(this.#policies)
      .filter(([name, policy]) => carriedOut(policy) === undefined && !this.#isAtWork(name))
      .map(([name, policy]) => ({ name, schedule: policy.schedule, delayMs: this.#delayMs(name) }));
    const rows = await store.schedules();
    const answer = due({ policies, rows, timezone: state.host.timezone, now: clock.now() });
    if (answer.rescheduled.length > 0) await store.saveSchedules({ put: answer.rescheduled, remove: [] });
    const isDue = new Set(answer.runs.map((run) => run.policy));
    for (const name of this.#holds.keys()) if (!isDue.has(name)) this.#holds.delete(name);
    void this.#parts.secrets.askStale(state.secrets);
    const held = this.#parts.held?.();
    for (const run of answer.runs) {
      // Its slot stays due: what is missed meanwhile is caught up once.
      if (held !== undefined) this.#holds.set(run.policy, held);
      else await this.#beginDue(run);
    }
  }

  async #beginDue(run: DueRun): Promise<void> {
    const found = this.#find(run.policy);
    if (found.kind === 'refused') return;
    const { policy, trigger, scheduledFor, next } = run;
    const fault = await policyWork(found.named, this.#parts).preflight();
    if (fault !== undefined) {
      this.#holds.set(policy, fault);
      return;
    }
    const result = await this.#runs.begin(found.named, { trigger, slot: { scheduledFor, next } });
    if (result.kind === 'refused') this.#holds.set(policy, result.fault);
    else this.#holds.delete(policy);
  }

  async #facts(name: string, state: HostState, known: Remembered): Promise<Omit<PolicyFacts, 'now'>> {
    const policy = this.#policies[name];
    if (policy === undefined) throw new Error(`Internal error: there is no policy ${name}`);
    const runs = known.lastRuns.get(name);
    const left = this.#leftBehind.get(name);
    const open = known.open.find((run) => run.policy === name);
    const waits = await policyWork({ name, policy, state }, this.#parts).notSetUp();
    return {
      name,
      policy,
      timezone: state.host.timezone,
      row: known.rows.find((row) => row.policy === name),
      delayMs: this.#delayMs(name),
      last: runs?.last,
      lastOk: runs?.lastOk,
      proof: await lastProof(this.#parts.store, name),
      // One that only the store knows runs in another process.
      running: this.#runs.get(name) ?? (left === undefined ? open : undefined),
      stale: staleSecret(policy, state, this.#parts.secrets),
      hold: left ?? this.#holds.get(name) ?? waits,
    };
  }

  #find(name: string): Found {
    const state = this.#state;
    const policy = Object.hasOwn(this.#policies, name) ? this.#policies[name] : undefined;
    if (state === undefined || policy === undefined) {
      const message = `there is no policy ${JSON.stringify(name)}`;
      return { kind: 'refused', fault: { reason: 'NotDeclared', message, next: 'anchord policy list' } };
    }
    const fault = carriedOut(policy);
    if (fault !== undefined) return { kind: 'refused', fault };
    return { kind: 'found', named: { name, policy, state } };
  }

  #isAtWork(name: string): boolean {
    return this.#runs.get(name) !== undefined || this.#leftBehind.has(name);
  }

  #delayMs(name: string): number {
    const policy = this.#policies[name];
    const limitSeconds = policy?.jitter === undefined ? 0 : parseDurationSeconds(policy.jitter);
    return jitterMs({ host: this.#parts.host, policy: name }, limitSeconds);
  }
}

function noPlan({ name, policy }: NamedPolicy): Fault {
  return {
    reason: 'NotDeclared',
    message: `${name} is a ${policy.kind}: it has no plans that anybody could see or accept`,
    next: 'anchord policy list',
  };
}
