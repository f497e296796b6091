import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { lockTrees } from '../locks/tree-locks.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { patienceOf, stopped } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import type { MirrorJob } from './mirror-job.ts';

/** The locks of a mirror's two ends, or the report of a run that did not get them. */
export type MirrorLocks =
  | {
      readonly kind: 'held';
      readonly release: () => Promise<void>;
      /** To be handed to rclone: it keeps both ends locked when this process is killed. */
      readonly descriptors: readonly number[];
    }
  | { readonly kind: 'ended'; readonly report: RunReport };

/** Locks the source against what moves or purges in it, and the destination against another mirror. */
export async function lockMirror(job: MirrorJob, parts: PolicyParts): Promise<MirrorLocks> {
  const { source, destination } = job.policy;
  const patience = patienceOf(job, parts);
  const tree = await lockTrees([source], { ...patience, stateDir: parts.stateDir });
  if (tree.kind === 'busy') return busy(job, tree.tree, tree.holder);
  const file = destinationLockFile(parts.stateDir, destination);
  const there = await waitForLock({ file, mode: 'exclusive' }, patience);
  if (there.kind === 'busy') {
    await tree.release();
    return busy(job, destination, there.holder);
  }
  return {
    kind: 'held',
    descriptors: [job.lock, ...tree.descriptors, there.descriptor],
    async release() {
      await there.release();
      await tree.release();
    },
  };
}

function busy(job: MirrorJob, what: string, holder: { readonly pid: number } | undefined): MirrorLocks {
  if (job.signal.aborted) return { kind: 'ended', report: stopped(job) };
  const by = holder === undefined ? '' : ` by process ${holder.pid}`;
  const fault = {
    reason: 'LockHeld',
    message: `${what} was in use${by} for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  } as const;
  return { kind: 'ended', report: faultReport('failed', fault) };
}

function destinationLockFile(stateDir: string, destination: string): string {
  const digest = createHash('sha256').update(destination).digest('hex').slice(0, 16);
  return join(stateDir, 'locks', `mirror-${digest}.lock`);
}
