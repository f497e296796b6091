import { isoSeconds } from '../clock.ts';
import {
  forgetIdsArgs,
  forgetPlanArgs,
  parseForget,
  type ForgetItem,
  type ForgetList,
} from '../commands/restic-forget.ts';
import { resticFault } from '../commands/restic-fault.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { dropManifests } from '../manifests/manifest-files.ts';
import type { BackupJob } from './backup-job.ts';
import { saveForgetRecord } from './forget-limit.ts';
import { guardRepository } from './guard-repository.ts';
import { judgeForget } from './judge-forget.ts';
import type { PolicyParts } from './policy-parts.ts';
import { repositoryLockFile } from './repository-place.ts';
import { callPatiently } from './restic-repository.ts';
import { patienceOf } from './run-job.ts';
import { withTrouble, type RunReport } from './run-report.ts';
import { readSuspicion } from './suspects.ts';
import { suspectFault } from './suspect-fault.ts';

/** Ids for one call: all of them together must fit into its arguments. */
const AT_ONCE = 500;

/** A good backup, after which old snapshots may go. */
export interface GoodBackup {
  readonly job: BackupJob;
  readonly place: ResticPlace;
  readonly report: RunReport;
}

interface Removed {
  readonly kind: 'removed';
  readonly count: number;
}

interface Stopped {
  readonly kind: 'stopped';
  readonly fault: Fault;
}

/**
 * Forgets the snapshots of a policy that its `keep` does not keep: first asks restic which, holds the list against what
 * may go, then removes exactly that list. Only ever called after a good backup. When it does not, the backup stays good,
 * and the report says why.
 */
export async function forgetOld(good: GoodBackup, parts: PolicyParts): Promise<RunReport> {
  const { job, report } = good;
  const args = forgetPlanArgs({ host: parts.host, policy: job.name }, job.policy.keep ?? {});
  if (args === undefined) return report;
  const { open } = await readSuspicion(parts.store, job.name);
  if (open.length > 0) return told(report, suspectFault(job.name, open));
  const untrusted = await parts.clockFault();
  if (untrusted !== undefined) return failed(report, untrusted);
  const file = repositoryLockFile(parts.stateDir, job.policy.repository);
  const lock = await waitForLock({ file, mode: 'exclusive' }, patienceOf(job, parts));
  if (lock.kind === 'busy')
    return failed(report, {
      reason: 'LockHeld',
      message: `the repository ${job.policy.repository} was in use for too long`,
    });
  try {
    const done = await planAndForget(good, { args, lock: lock.descriptor }, parts);
    if (done.kind === 'removed') return { ...report, removed: done.count };
    return done.fault.reason === 'LimitExceeded' ? told(report, done.fault) : failed(report, done.fault);
  } finally {
    await lock.release();
  }
}

async function planAndForget(
  good: GoodBackup,
  { args, lock }: { readonly args: readonly string[]; readonly lock: number },
  parts: PolicyParts,
): Promise<Removed | Stopped> {
  const { job, place } = good;
  job.onProgress({ phase: 'forget' });
  const locks = [job.lock, lock];
  const listed = await callPatiently(place, { args, locks }, patienceOf(job, parts));
  const subject = { policy: job.name, repository: job.policy.repository };
  if (listed.code !== 0) return { kind: 'stopped', fault: resticFault(listed, subject) };
  const list = parseForget(listed.stdout);
  const verdict = await judgeForget(job, list, parts);
  if (verdict.kind === 'waits') return { kind: 'stopped', fault: verdict.fault };
  const fault = await forget(good, { locks, items: verdict.items, begin: verdict.begin }, parts);
  if (fault !== undefined) return { kind: 'stopped', fault };
  await remember(job, { list, removed: verdict.items }, parts);
  return { kind: 'removed', count: verdict.items.length };
}

async function forget(
  { job, place }: GoodBackup,
  removal: {
    readonly locks: readonly number[];
    readonly items: readonly ForgetItem[];
    readonly begin: () => Promise<void>;
  },
  parts: PolicyParts,
): Promise<Fault | undefined> {
  const { repository } = job.policy;
  const ids = removal.items.map(({ id }) => id);
  if (ids.length === 0) return undefined;
  // Right before: the list took its time, and a disk may have gone meanwhile.
  const guarded = (await parts.clockFault()) ?? (await guardRepository(repository, 'delete', parts));
  if (guarded !== undefined) return guarded;
  await removal.begin();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const args = forgetIdsArgs(ids.slice(from, from + AT_ONCE));
    const result = await callPatiently(place, { args, locks: removal.locks }, patienceOf(job, parts));
    if (result.code !== 0) return resticFault(result, { policy: job.name, repository });
  }
  return undefined;
}

async function remember(
  job: BackupJob,
  { list, removed }: { readonly list: ForgetList; readonly removed: readonly ForgetItem[] },
  { store, stateDir, clock }: PolicyParts,
): Promise<void> {
  const keep = job.policy.keep ?? {};
  const gone = new Set(removed.map(({ id }) => id));
  const left = [...list.remove.filter(({ id }) => !gone.has(id)), ...list.keep];
  if (removed.length > 0)
    await dropManifests(
      stateDir,
      job.name,
      left.map(({ id }) => id),
    );
  await saveForgetRecord(store, job.name, { keep, at: isoSeconds(clock.now()) });
}

/** Not a failure: a person has not said yes yet. */
function told(report: RunReport, fault: Fault): RunReport {
  const message = `the backup is good; old snapshots are not forgotten: ${faultText(fault)}`;
  return withTrouble(report, { reason: fault.reason, message });
}

function failed(report: RunReport, fault: Fault): RunReport {
  const message = `the backup is good; old snapshots were not forgotten: ${faultText(fault)}`;
  return withTrouble(report, { reason: 'ForgetFailed', message });
}
