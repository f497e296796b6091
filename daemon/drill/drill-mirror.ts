import { createHash } from 'node:crypto';
import { constants, lstatSync } from 'node:fs';
import { open, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { compareArgs, fetchArgs, parseCompared } from '../commands/rclone-compare.ts';
import { rcloneFault } from '../commands/rclone-fault.ts';
import { runRclone } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import { hashLiveFile, type SnapshotFile } from '../manifests/hash-live-file.ts';
import { isoNanoseconds } from '../manifests/nanoseconds.ts';
import { Sampler } from '../manifests/sampler.ts';
import { mirrorEnds, type MirrorEnds } from '../mirror/mirror-ends.ts';
import type { NamedMirror } from '../mirror/mirror-job.ts';
import { lockMirror } from '../mirror/mirror-locks.ts';
import type { Drill } from './drill-backup.ts';
import { Drilled, type DrillResult } from './drilled.ts';
import { movedSince } from './moved-since.ts';

/** What a drill downloads of one mirror, at the most, bytes; and at the most this part of what is free. */
const BUDGET = 512 * 1024 * 1024;
const SHARE_OF_FREE = 0.25;

interface MirrorDrill extends Drill {
  readonly mirror: NamedMirror;
  readonly ends: MirrorEnds;
  readonly locks: readonly number[];
  /** When the last good run of the mirror began: what changed since need not be there yet. */
  readonly mirroredAt: number;
}

interface Candidate extends SnapshotFile {
  readonly path: string;
}

interface Listed {
  readonly sample: readonly Candidate[];
  /** Files that are the mirror's to have and are too large to download for a test. */
  readonly tooLarge: number;
  /** Files that are not in the mirror, and may have been moved to their place after it ran. */
  readonly moved: number;
}

/** Looks whether everything that was mirrored is there, downloads a sample, and compares it with the source. */
export async function drillMirror(drill: Drill, mirror: NamedMirror): Promise<DrillResult> {
  const { job, parts } = drill;
  const found = await mirrorEnds(mirror, parts);
  if (found.kind === 'fault') return found;
  const guarded = await parts.guard(mirror.policy.source, 'read');
  if (guarded !== undefined) return { kind: 'fault', fault: guarded };
  const lastOk = (await parts.store.lastRuns()).get(mirror.name)?.lastOk;
  const drilled = new Drilled();
  if (lastOk === undefined) {
    drilled.note('it has not run well yet', true);
    return { kind: 'drilled', drilled };
  }
  const locks = await lockMirror({ ...mirror, ...job }, parts);
  if (locks.kind === 'ended') return { kind: 'fault', fault: inUse(mirror) };
  const mirroredAt = Date.parse(lastOk.startedAt);
  const one: MirrorDrill = { ...drill, mirror, ends: found.ends, locks: locks.descriptors, mirroredAt };
  try {
    const fault = await drillObjects(one, drilled);
    return fault === undefined ? { kind: 'drilled', drilled } : { kind: 'fault', fault };
  } finally {
    await locks.release();
  }
}

async function drillObjects(drill: MirrorDrill, drilled: Drilled): Promise<Fault | undefined> {
  const { job, mirror, ends, scratch, locks } = drill;
  job.onProgress({ phase: `${mirror.name}: list` });
  const listed = await listObjects(drill, drilled);
  if ('reason' in listed) return listed;
  const { sample, tooLarge, moved } = listed;
  if (moved > 0) drilled.note(`${moved} were moved, or may have been, since the mirror ran`, false);
  if (tooLarge > 0) drilled.note(`${tooLarge} files are too large to test`, false);
  if (sample.length === 0) {
    drilled.note('there was nothing to download and compare', true);
    return undefined;
  }
  job.onProgress({ phase: `${mirror.name}: download` });
  const list = join(scratch, 'list');
  const to = join(scratch, 'objects');
  await writeFile(list, sample.map(({ path }) => `${path}\n`).join(''), { mode: 0o600 });
  const { bandwidth } = drill.drill.policy;
  const result = await runRclone(ends.place, {
    args: fetchArgs({ from: ends.request.destination, to, list }),
    signal: job.signal,
    bandwidth: bandwidth === undefined ? undefined : parseSizeBytes(bandwidth),
    locks,
  });
  // What did not come is found out by comparing; only what stops rclone as a whole is a fault.
  if (result.end !== 'exited') return faultOf(drill, result);
  let changed = 0;
  for (const file of sample) if ((await compareObject(drill, { file, to, drilled })) === 'changed') changed++;
  if (changed > 0) drilled.note(`${changed} changed meanwhile`, false);
  return undefined;
}

/** Holds the names and sizes of both ends against each other, and draws from what both have. */
async function listObjects(drill: MirrorDrill, drilled: Drilled): Promise<Listed | Fault> {
  const { ends, job, count, random, scratch, locks } = drill;
  const { bavail, bsize } = await statfs(scratch);
  const budget = Math.min(BUDGET, Math.floor(bavail * bsize * SHARE_OF_FREE));
  const sampler = new Sampler<Candidate>({ count, largest: budget, random });
  let tooLarge = 0;
  let moved = 0;
  let isListed = false;
  const result = await runRclone(ends.place, {
    args: compareArgs(ends.request),
    signal: job.signal,
    locks,
    onStdoutLine(line) {
      const { kind, path } = parseCompared(line);
      if (kind === 'other') return;
      isListed = true;
      const live = lstatSync(join(ends.request.source, path), { bigint: true, throwIfNoEntry: false });
      // What changed since the mirror ran is not its to have yet.
      if (live?.isFile() !== true || Number(live.ctimeMs) >= drill.mirroredAt) return;
      const size = Number(live.size);
      if (kind === 'missing' && movedSince(ends.request.source, path, drill.mirroredAt)) moved++;
      else if (kind === 'missing') drilled.bad(path, 'it is not in the mirror');
      else if (kind === 'different') drilled.bad(path, 'it has another size in the mirror');
      else {
        if (size > budget) tooLarge++;
        const times = { mtime: isoNanoseconds(live.mtimeNs), ctime: isoNanoseconds(live.ctimeNs) };
        sampler.take(size, () => ({ path, size, ...times }));
      }
    },
  });
  // 1 also says that something differs, which the lines have told.
  const isTold = result.code === 0 || (result.code === 1 && isListed);
  if (result.end !== 'exited' || !isTold) return faultOf(drill, result);
  let left = budget;
  const sample = sampler.chosen(({ path }) => path).filter(({ size }) => (left -= size) >= 0);
  return { sample, tooLarge, moved };
}

async function compareObject(
  { ends, job }: MirrorDrill,
  about: { readonly file: Candidate; readonly to: string; readonly drilled: Drilled },
): Promise<'compared' | 'changed'> {
  const { file, to, drilled } = about;
  const place = { root: ends.request.source, names: file.path.split('/'), signal: job.signal };
  const live = await hashLiveFile(place, file);
  if (live === undefined) return 'changed';
  const fetched = await digestOf(join(to, file.path));
  if (fetched === undefined) drilled.bad(file.path, 'it could not be downloaded');
  else if (fetched !== live) drilled.bad(file.path, 'its content is not that of the source');
  else drilled.good(file.size, true);
  return 'compared';
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const digest = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false })) digest.update(chunk as Buffer);
    return digest.digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function faultOf({ mirror }: MirrorDrill, result: Parameters<typeof rcloneFault>[0]): Fault {
  return rcloneFault(result, { policy: mirror.name, place: mirror.policy.destination });
}

function inUse({ policy }: NamedMirror): Fault {
  return {
    reason: 'LockHeld',
    message: `${policy.source} or ${policy.destination} was in use for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}
