import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillPolicy } from '../../state-schema/generated/state-file.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { restoreArgs, restoreTroubles } from '../commands/restic-restore.ts';
import type { Snapshot } from '../commands/restic-snapshots.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { readManifest } from '../manifests/manifest-files.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import { knownRepository } from '../policies/known-repository.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { repositoryLockFile, repositoryPlace, type NamedBackup } from '../policies/repository-place.ts';
import { callPatiently } from '../policies/restic-repository.ts';
import { patienceOf, type RunJob } from '../policies/run-job.ts';
import { isOwn, readSnapshots } from '../restore/find-snapshot.ts';
import { compareFile } from './compare-file.ts';
import { drawSample, type SampleFile } from './draw-sample.ts';
import { Drilled, type DrillResult } from './drilled.ts';
import { drawn } from './seeded-random.ts';

/** What a drill restores of one snapshot, at the most, bytes; and at the most this part of what is free. */
const BUDGET = 512 * 1024 * 1024;
const SHARE_OF_FREE = 0.25;
/** So many paths go into one call: the kernel bounds what a command line may hold. */
const BATCH = 100;

/** What one drill is given. */
export interface Drill {
  readonly drill: NamedPolicy<DrillPolicy>;
  readonly job: RunJob;
  readonly parts: PolicyParts;
  /** Files of each copy. */
  readonly count: number;
  readonly random: () => number;
  /** An empty folder of its own. */
  readonly scratch: string;
}

/** The drill of one repository. */
export interface RepositoryDrill extends Drill {
  readonly backup: NamedBackup;
  readonly place: ResticPlace;
  readonly locks: readonly number[];
}

/** Restores a sample of a repository, from the newest snapshot and one older, and compares it. */
export async function drillBackup(drill: Drill, backup: NamedBackup): Promise<DrillResult> {
  const { job, parts } = drill;
  const { repository } = backup.policy;
  const guarded = await guardRepository(repository, 'read', parts);
  if (guarded !== undefined) return { kind: 'fault', fault: guarded };
  const had = await repositoryPlace(backup, parts);
  if (had.kind === 'fault') return had;
  const { nice, ionice } = drill.drill.policy;
  const place = { ...had.place, priority: { nice, ionice } };
  job.onProgress({ phase: `waiting for ${backup.name}` });
  const file = repositoryLockFile(parts.stateDir, repository);
  const lock = await waitForLock({ file, mode: 'shared' }, patienceOf(job, parts));
  if (lock.kind === 'busy') return { kind: 'fault', fault: inUse(repository) };
  try {
    const id = await knownRepository(backup, place, { parts, signal: job.signal });
    if (id.kind === 'fault') return id;
    return await drillSnapshots({ ...drill, backup, place, locks: [job.lock, lock.descriptor] });
  } finally {
    await lock.release();
  }
}

async function drillSnapshots(drill: RepositoryDrill): Promise<DrillResult> {
  const { backup, place, job, parts, count, random } = drill;
  const subject = { policy: backup.name, repository: backup.policy.repository };
  const list = await readSnapshots(place, subject, job.signal);
  if (list.kind === 'fault') return list;
  const own = list.snapshots.filter((one) => isOwn(one, { host: parts.host, policy: backup.name }));
  const newest = own.at(-1);
  const drilled = new Drilled();
  if (newest === undefined) {
    drilled.note('there is no snapshot yet', true);
    return { kind: 'drilled', drilled };
  }
  const [old] = drawn(own.slice(0, -1), 1, random);
  const forOld = old === undefined ? 0 : Math.floor(count / 3);
  const fault = await drillSnapshot(drill, {
    snapshot: newest,
    count: count - forOld,
    isNewest: true,
    drilled,
  });
  if (fault !== undefined) return { kind: 'fault', fault };
  if (drilled.wrongCount === 0) drilled.snapshot = newest.id;
  if (old === undefined || forOld === 0) return { kind: 'drilled', drilled };
  const oldFault = await drillSnapshot(drill, { snapshot: old, count: forOld, isNewest: false, drilled });
  return oldFault === undefined ? { kind: 'drilled', drilled } : { kind: 'fault', fault: oldFault };
}

interface SnapshotDrill {
  readonly snapshot: Snapshot;
  readonly count: number;
  readonly isNewest: boolean;
  readonly drilled: Drilled;
}

async function drillSnapshot(drill: RepositoryDrill, about: SnapshotDrill): Promise<Fault | undefined> {
  const { backup, parts, job, random } = drill;
  const { snapshot, count, isNewest, drilled } = about;
  const short = snapshot.id.slice(0, 8);
  job.onProgress({ phase: `${backup.name}: ${short}` });
  const manifest = await readManifest(parts.stateDir, { policy: backup.name, snapshot: snapshot.id });
  const { bavail, bsize } = await statfs(drill.scratch);
  const budget = Math.min(BUDGET, Math.floor(bavail * bsize * SHARE_OF_FREE));
  const sample = await drawSample(drill, { snapshot: snapshot.id, manifest, count, budget, random });
  if ('reason' in sample) return sample;
  if (sample.total === 0) drilled.note(`snapshot ${short} holds no file`, isNewest);
  else if (sample.files.length === 0)
    drilled.note(`no file of snapshot ${short} fits into the test`, isNewest);
  if (manifest === undefined && sample.total > 0)
    drilled.note(`nothing was hashed when snapshot ${short} was made`, isNewest);
  if (sample.tooLarge > 0) drilled.note(`${sample.tooLarge} files of ${short} are too large to test`, false);
  const folder = join(drill.scratch, `${backup.name}-${short}`);
  for (let from = 0; from < sample.files.length; from += BATCH) {
    const files = sample.files.slice(from, from + BATCH);
    const restored = await restoreFiles(drill, { snapshot, folder, files });
    if ('reason' in restored) return restored;
    await compareFiles(drill, { files, folder, drilled, troubles: restored.troubles });
  }
  return undefined;
}

/** Files that restic cannot restore are found out by comparing; only what stops it as a whole is a fault. */
async function restoreFiles(
  { place, backup, job, parts, locks, drill }: RepositoryDrill,
  wish: { readonly snapshot: Snapshot; readonly folder: string; readonly files: readonly SampleFile[] },
): Promise<{ readonly troubles: readonly string[] } | Fault> {
  const { bandwidth } = drill.policy;
  const args = restoreArgs({
    snapshot: wish.snapshot.id,
    target: wish.folder,
    only: wish.files.map(({ path }) => path),
    limitKiB: bandwidth === undefined ? undefined : Math.max(1, Math.floor(parseSizeBytes(bandwidth) / 1024)),
  });
  const result = await callPatiently(place, { args, locks, onStdoutLine() {} }, patienceOf(job, parts));
  const troubles = restoreTroubles(result.stderr);
  if (result.code === 0 || (result.end === 'exited' && troubles.length > 0)) return { troubles };
  return resticFault(result, { policy: backup.name, repository: backup.policy.repository });
}

async function compareFiles(
  { parts }: RepositoryDrill,
  about: {
    readonly files: readonly SampleFile[];
    readonly folder: string;
    readonly drilled: Drilled;
    readonly troubles: readonly string[];
  },
): Promise<void> {
  for (const file of about.files) {
    const trouble = about.troubles.find((text) => text.startsWith(`${file.path}: `));
    const wrong =
      trouble?.slice(file.path.length + 2).trim() ?? (await compareFile(join(about.folder, file.path), file));
    const told = parts.root === '/' ? file.path : file.path.slice(parts.root.length);
    if (wrong === undefined) about.drilled.good(file.size, file.sha256 !== undefined);
    else about.drilled.bad(told, wrong);
  }
}

function inUse(repository: string): Fault {
  return {
    reason: 'LockHeld',
    message: `the repository ${repository} was in use for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}
