import { join } from 'node:path';
import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import type { BackupJob } from './backup-job.ts';
import type { PolicyParts } from './policy-parts.ts';
import { runHook } from './run-hook.ts';
import { patienceOf, stopped } from './run-job.ts';
import { faultReport, withTrouble, type RunReport } from './run-report.ts';

/**
 * Carries a backup out between the two halves of its freeze hook. `after` runs whatever happened in between, when
 * `before` failed and when the run was stopped; that it has to is remembered before `before` runs, so that it also runs
 * after a crash. One backup at a time has a hook.
 */
export async function frozen(
  job: BackupJob,
  parts: PolicyParts,
  work: () => Promise<RunReport>,
): Promise<RunReport> {
  const hook = job.policy.freeze;
  if (hook === undefined) return await work();
  job.onProgress({ phase: 'freeze' });
  const file = join(parts.stateDir, 'locks', `hook-${hook}.lock`);
  const lock = await waitForLock({ file, mode: 'exclusive' }, patienceOf(job, parts));
  if (job.signal.aborted) return stopped(job);
  if (lock.kind === 'busy') return faultReport('failed', hookHeld(hook));
  try {
    return await between(job, { hook, work }, parts);
  } finally {
    await lock.release();
  }
}

/** Runs the `after` that a crash or a failure left to be run; why it failed, when it did. Only under the lock of the policy. */
export async function thaw(policy: string, parts: PolicyParts): Promise<Fault | undefined> {
  const hook = hookOf(await parts.store.fact(factName(policy)));
  if (hook === undefined) return undefined;
  const fault = await runHook({ hook, half: 'after', policy }, parts);
  if (fault === undefined) await parts.store.saveFact(factName(policy), null);
  return fault;
}

async function between(
  job: BackupJob,
  { hook, work }: { readonly hook: string; readonly work: () => Promise<RunReport> },
  parts: PolicyParts,
): Promise<RunReport> {
  const { name: policy, signal } = job;
  // What an earlier run left frozen is thawed first: two befores in a row may not be what a hook expects.
  await thaw(policy, parts);
  const begun = { hook, at: isoSeconds(parts.clock.now()) };
  await parts.store.saveFact(factName(policy), JSON.stringify(begun));
  let report: RunReport | undefined;
  let left: Fault | undefined;
  try {
    const fault = await runHook({ hook, half: 'before', policy, signal }, parts);
    if (signal.aborted) report = stopped(job);
    else report = fault === undefined ? await work() : faultReport('failed', fault);
  } finally {
    job.onProgress({ phase: 'thaw' });
    left = await thaw(policy, parts);
  }
  return left === undefined ? report : withLeft(report, left);
}

/** Whatever came of the backup: what stands still must be told. */
function withLeft(report: RunReport, left: Fault): RunReport {
  const message = `what the freeze hook stopped may still stand still: ${faultText(left)}`;
  return withTrouble(report, { reason: 'FreezeFailed', message });
}

function hookHeld(hook: string): Fault {
  return {
    reason: 'LockHeld',
    message: `another backup was using the freeze hook ${hook} for too long`,
    next: 'give the policies other schedules, or hooks of their own',
  };
}

function hookOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { hook } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return typeof hook === 'string' ? hook : undefined;
}

/** There from before a `before` until its `after` ended well. */
function factName(policy: string): string {
  return `policy.freeze.${policy}`;
}
