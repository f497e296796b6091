import type { Progress } from '../../state-schema/generated/status.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { parseRcloneLog, type RcloneStats } from '../commands/rclone-log.ts';
import { runRclone } from '../commands/rclone.ts';
import type { RunResult } from '../process/run.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { MirrorEnds } from './mirror-ends.ts';
import type { MirrorJob } from './mirror-job.ts';

/** A run of a mirror, as its steps see it. */
export interface MirrorRun {
  readonly job: MirrorJob;
  readonly parts: PolicyParts;
  readonly ends: MirrorEnds;
  /** Descriptors of the locks that rclone keeps. */
  readonly locks: readonly number[];
}

/** One call of rclone in a run. */
export interface MirrorCall {
  readonly args: readonly string[];
  /** What a person reads while it lasts. */
  readonly phase: string;
  /** Bytes that are to be sent, as far as they are known before. */
  readonly bytesTotal?: number;
  readonly onLogLine?: (line: string) => void;
}

/** How a call ended, and its last statistics. */
export interface MirrorCallResult extends RunResult {
  readonly stats: RcloneStats | undefined;
}

/** Runs rclone for a step of a mirror, and tells how far it is. */
export async function callRclone(run: MirrorRun, call: MirrorCall): Promise<MirrorCallResult> {
  const { job, ends, locks } = run;
  const { policy } = job;
  let stats: RcloneStats | undefined;
  job.onProgress({ phase: call.phase });
  const result = await runRclone(ends.place, {
    args: call.args,
    signal: job.signal,
    bandwidth: policy.bandwidth === undefined ? undefined : parseSizeBytes(policy.bandwidth),
    progress: true,
    locks,
    onLogLine(line) {
      call.onLogLine?.(line);
      const entry = parseRcloneLog(line);
      if (entry.kind !== 'stats') return;
      stats = entry.stats;
      job.onProgress(progressOf(call, stats));
    },
  });
  return { ...result, stats };
}

function progressOf({ phase, bytesTotal = 0 }: MirrorCall, stats: RcloneStats): Progress {
  const total = Math.max(bytesTotal, stats.totalBytes);
  const percent =
    total === 0 ? {} : { percent: Math.min(100, Math.round((stats.bytes / total) * 1000) / 10) };
  return {
    phase,
    ...percent,
    bytesDone: stats.bytes,
    bytesTotal: total,
    filesDone: stats.transfers,
    filesTotal: stats.totalTransfers,
    ...(stats.eta === undefined ? {} : { etaSeconds: Math.round(stats.eta) }),
  };
}
