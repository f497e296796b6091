import { join } from 'node:path';
import { isoSeconds } from '../clock.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { lsArgs, parseLsLine, type ListedFile } from '../commands/restic-ls.ts';
import type { ResticPlace } from '../commands/restic.ts';
import { faultOf, type Fault } from '../errors.ts';
import { hashLiveFile } from '../manifests/hash-live-file.ts';
import { writeManifest } from '../manifests/manifest-files.ts';
import type { HashedFile } from '../manifests/manifest.ts';
import { Sampler } from '../manifests/sampler.ts';
import type { BackupJob } from './backup-job.ts';
import type { PolicyParts } from './policy-parts.ts';
import { callPatiently } from './restic-repository.ts';
import { patienceOf } from './run-job.ts';
import type { RunReport } from './run-report.ts';

/** Files that are hashed after each backup, at the most. */
const SAMPLE = 50;
/** Bytes that are read for it, at the most; a bigger file is never hashed. */
const BUDGET = 256 * 1024 * 1024;
/** No file is so long that restic lists for longer. Milliseconds. */
const LIST_TIMEOUT_MS = 60 * 60_000;

/** A snapshot that was made, and where. */
export interface MadeSnapshot {
  readonly job: BackupJob;
  readonly place: ResticPlace;
  /** Id of the repository. */
  readonly repository: string;
  readonly report: RunReport;
}

/** Hashes a random sample of the live files that a snapshot holds, and keeps it for drills. Never throws: says why it could not. */
export async function makeManifest(made: MadeSnapshot, parts: PolicyParts): Promise<Fault | undefined> {
  try {
    return await sampleAndWrite(made, parts);
  } catch (error) {
    return faultOf(error);
  }
}

async function sampleAndWrite(made: MadeSnapshot, parts: PolicyParts): Promise<Fault | undefined> {
  const { job, place, report, repository } = made;
  job.onProgress({ phase: 'manifest' });
  let snapshot = '';
  const sampler = new Sampler<ListedFile>({ count: SAMPLE, largest: BUDGET, random: Math.random });
  function onLine(text: string): void {
    const line = parseLsLine(text);
    if (line.kind === 'snapshot') snapshot = line.id;
    if (line.kind === 'file') sampler.take(line.size, line.file);
  }
  const args = lsArgs(report.snapshot ?? '');
  const call = { args, onStdoutLine: onLine, locks: [job.lock], timeoutMs: LIST_TIMEOUT_MS };
  const result = await callPatiently(place, call, patienceOf(job, parts));
  if (result.code !== 0) return resticFault(result, { policy: job.name, repository: job.policy.repository });
  const sample = await hashed(
    sampler.chosen((file) => file.path),
    made,
    parts,
  );
  if (job.signal.aborted) return undefined;
  await writeManifest(parts.stateDir, {
    policy: job.name,
    repository,
    snapshot,
    hashedAt: isoSeconds(parts.clock.now()),
    files: report.files ?? 0,
    bytes: report.bytes ?? 0,
    sample,
  });
  return undefined;
}

async function hashed(
  files: readonly ListedFile[],
  { job }: MadeSnapshot,
  parts: PolicyParts,
): Promise<readonly HashedFile[]> {
  const { root } = parts;
  const source = join(root, job.policy.source);
  const found: HashedFile[] = [];
  let left = BUDGET;
  for (const file of files) {
    if (file.size > left || !isBelow(file.path, source)) continue;
    left -= file.size;
    // From the root on: the host's own folder may lie behind a link, nothing below it may.
    const names = file.path.slice(root === '/' ? 1 : root.length + 1).split('/');
    const sha256 = await hashLiveFile({ root, names, signal: job.signal }, file);
    if (sha256 !== undefined) found.push({ path: file.path, size: file.size, mtime: file.mtime, sha256 });
  }
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function isBelow(path: string, source: string): boolean {
  return path.startsWith(source === '/' ? '/' : `${source}/`);
}
