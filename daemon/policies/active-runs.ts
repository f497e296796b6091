import type { Progress, Run } from '../../state-schema/generated/status.ts';
import { isoSeconds } from '../clock.ts';
import { faultOf, type Fault } from '../errors.ts';
import { acquireLock, type LockResult } from '../locks/file-lock.ts';
import type { OpenRun, ScheduleRow } from '../store/store.ts';
import { afterRefusal } from './after-refusal.ts';
import { giveBackSlot } from './interrupted-runs.ts';
import { leftBehindFault } from './left-behind.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { NamedPolicy } from './named-policy.ts';
import { policyWork } from './policy-work.ts';
import { policyLockFile } from './repository-place.ts';
import { faultReport, type RunReport } from './run-report.ts';
import { shortId } from '../short-id.ts';

/** A run that was begun, or why none was. */
export type StartResult =
  | {
      readonly kind: 'started';
      readonly runId: string;
      /** Resolves when the run has ended, however it did. */
      readonly ended: Promise<Run>;
    }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** What starts a run. */
export interface RunStart {
  readonly trigger: Run['trigger'];
  /** The slot it stands for, and the schedule to remember in the same step. */
  readonly slot?: { readonly scheduledFor: string; readonly next: ScheduleRow };
}

/** A run under way in this process. */
export interface ActiveRun {
  readonly startedAt: string;
  /** The last thing it said of itself. */
  readonly progress?: Progress | undefined;
}

interface Active {
  readonly open: OpenRun;
  readonly stop: AbortController;
  progress?: Progress;
}

type HeldLock = Extract<LockResult, { kind: 'held' }>;

interface Entry {
  readonly active: Active;
  readonly ended: Promise<Run>;
}

/** The runs under way in this process; a lock file each keeps other processes from running the same policy. */
export class ActiveRuns {
  readonly #parts: PolicyParts;
  readonly #entries = new Map<string, Entry>();
  readonly #beginnings = new Set<Promise<StartResult>>();
  #ending: Fault | undefined;

  constructor(parts: PolicyParts) {
    this.#parts = parts;
  }

  /** The run of a policy, while there is one. */
  get(policy: string): ActiveRun | undefined {
    const active = this.#entries.get(policy)?.active;
    return active === undefined ? undefined : { startedAt: active.open.startedAt, progress: active.progress };
  }

  /** Begins a run and, in the same step of the store, moves its schedule on. Throws what the store throws; then nothing was begun. */
  async begin(named: NamedPolicy, start: RunStart): Promise<StartResult> {
    const beginning = this.#begin(named, start);
    this.#beginnings.add(beginning);
    try {
      return await beginning;
    } finally {
      this.#beginnings.delete(beginning);
    }
  }

  /** Tells the run of a policy to stop, and why; false when none is under way. It ends a little later. */
  stop(policy: string, why: Fault): boolean {
    const entry = this.#entries.get(policy);
    entry?.active.stop.abort(why);
    return entry !== undefined;
  }

  /** Begins nothing more, stops everything, and resolves when it has ended. */
  async end(why: Fault): Promise<void> {
    this.#ending = why;
    await Promise.allSettled(this.#beginnings);
    const entries = [...this.#entries.values()];
    for (const { active } of entries) active.stop.abort(why);
    await Promise.all(entries.map((entry) => entry.ended));
  }

  async #begin(named: NamedPolicy, start: RunStart): Promise<StartResult> {
    if (this.#ending !== undefined) return { kind: 'refused', fault: this.#ending };
    const { store, clock, emit, stateDir } = this.#parts;
    const file = policyLockFile(stateDir, named.name);
    const lock = await acquireLock({ file, mode: 'exclusive' });
    if (lock.kind === 'busy')
      return { kind: 'refused', fault: await busyFault(named.name, file, lock.holder) };
    const open = openRun(named.name, start, clock.now());
    try {
      await store.beginRun(open, start.slot?.next);
    } catch (error) {
      await lock.release();
      throw error;
    }
    emit({ kind: 'run.started', runId: open.id, policy: named.name, trigger: start.trigger });
    const active: Active = { open, stop: new AbortController() };
    const ended = this.#carryOut(named, { active, lock });
    this.#entries.set(named.name, { active, ended });
    return { kind: 'started', runId: open.id, ended };
  }

  /** Never rejects: whatever happens, the run ends with an outcome. */
  async #carryOut(
    named: NamedPolicy,
    { active, lock }: { readonly active: Active; readonly lock: HeldLock },
  ): Promise<Run> {
    const { store, clock, emit, secrets } = this.#parts;
    const report = await this.#report(named, active, lock.descriptor);
    afterRefusal(report.reason, named, secrets);
    const run: Run = { ...active.open, endedAt: isoSeconds(clock.now()), ...secrets.redaction.deep(report) };
    try {
      if (run.reason === 'Interrupted') await giveBackSlot(active.open, this.#parts);
      await store.endRun(run);
    } catch (error) {
      // It stays open in the store, and the next start ends it as interrupted.
      emit({ kind: 'policies.failed', fault: faultOf(error) });
    }
    await lock.release();
    this.#entries.delete(named.name);
    emit({ kind: 'run.ended', run });
    return run;
  }

  async #report(named: NamedPolicy, active: Active, lock: number): Promise<RunReport> {
    const { open, stop } = active;
    const { store, emit } = this.#parts;
    function onProgress(progress: Progress): void {
      active.progress = progress;
      emit({ kind: 'run.progress', runId: open.id, policy: open.policy, progress });
    }
    try {
      const lastOk = (await store.lastRuns()).get(named.name)?.lastOk;
      return await policyWork(named, this.#parts).run({
        runId: open.id,
        trigger: open.trigger,
        lock,
        signal: stop.signal,
        lastOk,
        onProgress,
      });
    } catch (error) {
      return faultReport('failed', faultOf(error));
    }
  }
}

function openRun(policy: string, start: RunStart, now: Date): OpenRun {
  return {
    id: shortId(),
    policy,
    trigger: start.trigger,
    startedAt: isoSeconds(now),
    ...(start.slot === undefined ? {} : { scheduledFor: start.slot.scheduledFor }),
  };
}

/** Who took the lock last may have ended, and what it started may not. */
async function busyFault(
  name: string,
  file: string,
  holder: { readonly pid: number } | undefined,
): Promise<Fault> {
  if (holder === undefined) return leftBehindFault(name, file);
  return {
    reason: 'LockHeld',
    message: `${name} already runs`,
    next: `wait for it, or: anchord policy cancel ${name}`,
  };
}
