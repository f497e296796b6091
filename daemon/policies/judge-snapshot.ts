import type { Run } from '../../state-schema/generated/status.ts';
import { isoSeconds } from '../clock.ts';
import { faultText } from '../fault-text.ts';
import type { BackupJob } from './backup-job.ts';
import { guardRepository } from './guard-repository.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { RunReport } from './run-report.ts';
import { shrink } from './shrink.ts';
import { addSuspect, readSuspicion, type Suspicion, type TreeSize } from './suspects.ts';

/** So many recent good runs say what is usual. */
const RECENT = 9;
/** Among so many runs those are looked for. */
const LOOKED_AT = 50;

/**
 * Holds a snapshot against the volumes as they are now and against recent ones. One that may lack files is remembered
 * as suspect: then nothing is forgotten until a person accepts it.
 */
export async function judgeSnapshot(
  job: BackupJob,
  report: RunReport,
  parts: PolicyParts,
): Promise<RunReport> {
  const { snapshot } = report;
  if (snapshot === undefined) return report;
  const doubtful = (await failedVolume(job, report, parts)) ?? (await shrunken(job, report, parts));
  if (doubtful === undefined) return report;
  const { files = 0, bytes = 0 } = report;
  const at = isoSeconds(parts.clock.now());
  await addSuspect(parts.store, job.name, { snapshot, at, files, bytes, why: doubtful.why });
  return doubtful.report;
}

/** A snapshot that is not to be trusted: what its run says, and why, for who looks at the snapshot later. */
interface Doubtful {
  readonly report: RunReport;
  readonly why: string;
}

/** A volume that failed meanwhile makes the snapshot doubtful, whatever restic said. */
async function failedVolume(
  job: BackupJob,
  report: RunReport,
  parts: PolicyParts,
): Promise<Doubtful | undefined> {
  const { source, repository } = job.policy;
  const fault = (await parts.guard(source, 'read')) ?? (await guardRepository(repository, 'read', parts));
  if (fault === undefined) return undefined;
  const why = `a volume failed while it was made: ${faultText(fault)}`;
  const message = `${suspectWords(report)}: ${why}`;
  return { why, report: { ...report, outcome: 'failed', reason: 'GuardFailed', message } };
}

async function shrunken(
  job: BackupJob,
  report: RunReport,
  parts: PolicyParts,
): Promise<Doubtful | undefined> {
  const { files = 0, bytes = 0 } = report;
  const before = await usual(job, parts);
  const why = shrink({ now: { files, bytes }, before, limit: job.policy.limits?.shrink });
  if (why === undefined) return undefined;
  const also = report.message === undefined ? '' : `; ${report.message}`;
  const message = `${suspectWords(report)}: ${why}; nothing is forgotten until a person says that this is right${also}; next: look at the source, then: anchord policy accept ${job.name} ${report.snapshot?.slice(0, 8)}`;
  return { why, report: { ...report, outcome: 'partial', reason: 'SnapshotSuspect', message } };
}

function suspectWords({ snapshot = '' }: RunReport): string {
  return `snapshot ${snapshot.slice(0, 8)} is suspect`;
}

/** Each less what graduations and purges have taken away since it was made. */
async function usual(job: BackupJob, parts: PolicyParts): Promise<readonly TreeSize[]> {
  const { store, ledger } = parts;
  const suspicion = await readSuspicion(store, job.name);
  const runs = await store.runs({ policy: job.name, limit: LOOKED_AT });
  const samples = runs.flatMap((run) => sampleOf(run, suspicion));
  // What a person accepted is a sample like the others.
  const all = suspicion.accepted === undefined ? samples : [...samples, suspicion.accepted];
  return await Promise.all(
    all.slice(0, RECENT).map(async ({ at, files, bytes }) => {
      const moved = await ledger.movedSince(job.policy.source, at);
      return { files: files - moved.files, bytes: bytes - moved.bytes };
    }),
  );
}

function sampleOf(run: Run, { accepted }: Suspicion): readonly (TreeSize & { readonly at: string })[] {
  const { outcome, snapshot, files, bytes, startedAt } = run;
  if (outcome !== 'ok' || snapshot === undefined || files === undefined || bytes === undefined) return [];
  return accepted !== undefined && startedAt < accepted.at ? [] : [{ at: startedAt, files, bytes }];
}
