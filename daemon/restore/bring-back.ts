import { dirname, join } from 'node:path';
import type { Progress } from '../../state-schema/generated/status.ts';
import { bytesWords } from '../bytes-words.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { parseRestoreProgress, restoreArgs, restoreTroubles } from '../commands/restic-restore.ts';
import type { Fault } from '../errors.ts';
import type { DirHandle } from '../files/dir-handle.ts';
import { removeTree } from '../files/remove-tree.ts';
import { handedPath } from '../commands/restic.ts';
import { callPatiently } from '../policies/restic-repository.ts';
import { compareEntry } from './compare-entry.ts';
import { Left } from './left.ts';
import { moveIn } from './move-in.ts';
import { readEntries } from './read-entries.ts';
import type { RestoreReport } from './restore-request.ts';
import type { Found, SnapshotRestore } from './restore-snapshot.ts';
import { isSelected, nameOf, type Totals } from './selection.ts';
import { makeStage, type Stage } from './stage.ts';

/** How long a restore waits for a lock of restic's own. Milliseconds. */
const LOCK_WAIT_MS = 10 * 60_000;
const PROGRESS_EVERY_MS = 1_000;
/** What a file system needs besides the bytes of files. */
const RESERVE = 1.02;
/** Beyond so many complaints each entry would be held against too many of them. */
const MOST_TROUBLES = 1_000;

/** A restore whose folder is open and locked. */
export interface BringBack extends SnapshotRestore, Found {
  readonly folder: DirHandle;
  /** Descriptors of its locks, which restic keeps, too. */
  readonly locks: readonly number[];
}

interface Compared {
  readonly files: number;
  readonly bytes: number;
  /** Paths of the snapshot that must not be used. */
  readonly lost: readonly string[];
}

/** Fetches, compares, and moves to where it belongs what came back as it was. */
export async function bringBack(restore: BringBack): Promise<RestoreReport | Fault> {
  const { signal, onProgress, folder } = restore;
  const totals: Totals = { entries: 0, files: 0, bytes: 0 };
  onProgress({ phase: 'list' });
  const unread = await readEntries(entriesOf(restore), (entry) => {
    if (!isSelected(restore.selection, entry)) return;
    totals.entries++;
    if (entry.type === 'file') totals.files++;
    totals.bytes += entry.size;
  });
  if (signal.aborted) return cancelled(restore);
  const refusal = unread ?? missing(restore, totals) ?? noSpace(restore, totals);
  if (refusal !== undefined) return refusal;
  using stage = makeStage(folder);
  const fetched = await fetchInto(stage, restore, totals);
  if (signal.aborted) return cancelled(restore);
  if ('reason' in fetched) return fetched;
  onProgress({ phase: 'compare' });
  const left = new Left(restore.selection);
  const compared = await compareAll(restore, { stage, troubles: fetched.troubles, left });
  if ('reason' in compared) return signal.aborted ? cancelled(restore) : compared;
  onProgress({ phase: 'move' });
  moveAll(restore, { stage, lost: compared.lost, left });
  return reportOf(restore, { totals, compared, left });
}

/** Runs restic, which goes on when single files cannot be read. */
async function fetchInto(
  stage: Stage,
  restore: BringBack,
  totals: Totals,
): Promise<{ readonly troubles: readonly string[] } | Fault> {
  const { place, snapshot, selection, parts, signal, backup, locks } = restore;
  const clockParts = { clock: parts.clock, waitMs: parts.lockWaitMs ?? LOCK_WAIT_MS, signal };
  const watch = watchSpace(restore, totals);
  try {
    const args = restoreArgs({
      snapshot: snapshot.id,
      target: handedPath(locks.length),
      ...(selection.path === '/' ? {} : { only: [selection.path] }),
    });
    const handed = [...locks, stage.folder.descriptor];
    const call = { args, locks: handed, onStdoutLine: (line: string) => watch.line(line) };
    const result = await callPatiently(place, call, clockParts);
    const troubles = restoreTroubles(result.stderr);
    const isTold = result.end === 'exited' && troubles.length > 0 && troubles.length <= MOST_TROUBLES;
    if (result.code === 0 || isTold) return { troubles };
    return resticFault(result, { policy: backup.name, repository: backup.policy.repository });
  } finally {
    watch.end();
  }
}

/** restic before 0.16 does not say how far it is; the space that is gone does, about. */
function watchSpace(
  { folder, onProgress }: BringBack,
  totals: Totals,
): { readonly line: (line: string) => void; readonly end: () => void } {
  const before = folder.freeBytes();
  let isTold = false;
  const timer = setInterval(() => {
    if (isTold) return;
    const bytesDone = Math.min(totals.bytes, Math.max(0, before - folder.freeBytes()));
    const percent = totals.bytes === 0 ? {} : { percent: Math.floor((bytesDone * 100) / totals.bytes) };
    const known: Progress = { phase: 'restore', ...percent, bytesDone, bytesTotal: totals.bytes };
    onProgress({ ...known, filesTotal: totals.files });
  }, PROGRESS_EVERY_MS);
  return {
    line(line) {
      const progress = parseRestoreProgress(line);
      if (progress === undefined) return;
      isTold = true;
      onProgress(progress);
    },
    end: () => clearInterval(timer),
  };
}

async function compareAll(
  restore: BringBack,
  about: { readonly stage: Stage; readonly troubles: readonly string[]; readonly left: Left },
): Promise<Compared | Fault> {
  const { stage, troubles, left } = about;
  const asRoot = process.geteuid?.() === 0;
  const path = `/proc/self/fd/${stage.folder.descriptor}`;
  const lost: string[] = [];
  let files = 0;
  let bytes = 0;
  const unread = await readEntries(entriesOf(restore), (entry) => {
    if (!isSelected(restore.selection, entry)) return;
    const flaw = compareEntry(entry, { stage: path, troubles, asRoot });
    if (flaw !== undefined) left.add(entry.path, flaw.what);
    if (flaw?.kind === 'lost') lost.push(entry.path);
    else if (entry.type === 'file') {
      files++;
      bytes += entry.size;
    }
  });
  return unread ?? { files, bytes, lost };
}

/** What must not be used goes first; what is there otherwise stays as good as it is. */
function moveAll(
  { folder, selection }: BringBack,
  about: { readonly stage: Stage; readonly lost: readonly string[]; readonly left: Left },
): void {
  const { stage, lost, left } = about;
  const root = stage.folder;
  for (const path of lost) {
    using parent = openBelow(root, dirname(path));
    if (parent !== undefined) removeTree(parent, path.slice(path.lastIndexOf('/') + 1));
  }
  using from = openBelow(root, selection.isWhole ? selection.path : dirname(selection.path));
  if (from === undefined) return;
  for (const name of selection.isWhole ? from.names() : [nameOf(selection)]) {
    const path = selection.isWhole ? join(selection.path, name) : selection.path;
    if (from.lstat(name) !== undefined)
      moveIn(from, folder, { name, path, failed: (which, what) => left.add(which, what) });
  }
}

function openBelow(root: DirHandle, path: string): DirHandle | undefined {
  const [first, ...names] = path.split('/').filter((part) => part !== '');
  let folder = open(root, first ?? '.');
  for (const name of names) {
    const above = folder;
    folder = above === undefined ? undefined : open(above, name);
    above?.[Symbol.dispose]();
  }
  return folder;
}

function open(folder: DirHandle, name: string): DirHandle | undefined {
  if (name === '.') return folder.again();
  return folder.lstat(name)?.isDirectory() === true ? folder.open(name) : undefined;
}

function entriesOf({ place, backup, snapshot, signal }: BringBack): Parameters<typeof readEntries>[0] {
  const subject = { policy: backup.name, repository: backup.policy.repository };
  return { place, subject, snapshot: snapshot.id, signal };
}

function missing({ selection, snapshot, request, backup }: BringBack, totals: Totals): Fault | undefined {
  if (totals.entries > 0 || selection.isWhole) return undefined;
  return {
    reason: 'SnapshotMissing',
    message: `snapshot ${snapshot.id.slice(0, 8)} of ${backup.name} holds no ${request.path ?? ''}`,
    next: `another one may: anchord snapshots ${backup.name}`,
  };
}

function noSpace({ folder, request }: BringBack, totals: Totals): Fault | undefined {
  const free = folder.freeBytes();
  const needed = Math.ceil(totals.bytes * RESERVE);
  if (needed <= free) return undefined;
  return {
    reason: 'NoSpace',
    message: `${request.to} has ${bytesWords(free)} free, and ${bytesWords(needed)} would be restored`,
    next: 'name a folder on a larger disk, or a part: --path',
  };
}

function cancelled(restore: BringBack): RestoreReport {
  const message = 'stopped before anything was put into the folder';
  return {
    ...about(restore),
    outcome: 'cancelled',
    reason: 'Cancelled',
    message,
    files: 0,
    bytes: 0,
    left: [],
    leftCount: 0,
  };
}

function reportOf(
  restore: BringBack,
  { totals, compared, left }: { readonly totals: Totals; readonly compared: Compared; readonly left: Left },
): RestoreReport {
  const { files, bytes } = compared;
  const report = { ...about(restore), files, bytes, left: left.some, leftCount: left.count };
  if (left.count === 0) return { ...report, outcome: 'ok' };
  return {
    ...report,
    outcome: totals.files > 0 && files === 0 ? 'failed' : 'partial',
    reason: 'RestorePartial',
    message: `${left.count} of ${totals.entries} entries are not back as they were`,
    next: `look at the repository: restic check; another snapshot may have them: anchord snapshots ${restore.backup.name}`,
  };
}

function about({ request, snapshot }: BringBack): Pick<RestoreReport, 'policy' | 'to' | 'snapshot' | 'time'> {
  return { policy: request.policy, to: request.to, snapshot: snapshot.id, time: snapshot.time };
}
