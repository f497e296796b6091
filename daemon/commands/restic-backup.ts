import { join } from 'node:path';
import type { Progress } from '../../state-schema/generated/status.ts';
import type { SnapshotFilter } from './restic-snapshots.ts';

/** What to back up, and how. */
export interface BackupRequest extends SnapshotFilter {
  /** Real absolute path of the tree. */
  readonly source: string;
  /** Patterns of restic, in order; a later one beginning with `!` takes back an earlier one. */
  readonly exclude: readonly string[];
  /** The most to write per second, KiB. */
  readonly limitKiB?: number | undefined;
}

/** What restic says at the end of a backup that made a snapshot. */
export interface BackupSummary {
  /** 8 hex digits from restic 0.14, 64 from later ones. */
  readonly snapshot: string;
  readonly files: number;
  readonly bytes: number;
  /** Bytes the repository grew by, before compression. */
  readonly bytesAdded: number;
}

/** One line of `restic backup --json`, from stdout or stderr. `other`: nothing anchord needs. */
export type BackupLine =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'summary'; readonly summary: BackupSummary }
  | { readonly kind: 'unreadable'; readonly path: string }
  | { readonly kind: 'other' };

/** `restic backup`. Not with --one-file-system: it would leave out btrfs subvolumes without a word. Pure. */
export function backupArgs(request: BackupRequest): readonly string[] {
  return [
    'backup',
    '--json',
    `--host=${request.host}`,
    `--tag=policy:${request.policy}`,
    ...request.exclude.map((pattern) => `--exclude=${pattern}`),
    ...(request.limitKiB === undefined ? [] : [`--limit-upload=${request.limitKiB}`]),
    '--',
    request.source,
  ];
}

/** A path as a pattern of restic that means exactly that path. Pure. */
export function literalPattern(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, '\\$&');
}

/**
 * An exclude pattern that means only what lies below the source. Without this restic holds it against every part of the
 * path, and a source somewhere below a folder that the pattern means is left out as a whole, with exit status 0. Pure.
 */
export function patternBelow(
  place: { readonly root: string; readonly source: string },
  pattern: string,
): string {
  if (pattern.startsWith('!')) return `!${patternBelow(place, pattern.slice(1))}`;
  if (pattern.startsWith('/')) return literalPattern(place.root === '/' ? '' : place.root) + pattern;
  return `${literalPattern(join(place.root, place.source)).replace(/\/$/, '')}/**/${pattern}`;
}

/** Reads one line. Words it does not know are `other`, because versions add some. Pure. */
export function parseBackupLine(line: string): BackupLine {
  const message = parseObject(line);
  switch (message?.['message_type']) {
    case 'status':
      return { kind: 'progress', progress: progressOf(message) };
    case 'summary':
      return summaryOf(message);
    case 'error': {
      const path = message['item'];
      return typeof path === 'string' && path !== '' ? { kind: 'unreadable', path } : { kind: 'other' };
    }
    default:
      return { kind: 'other' };
  }
}

function progressOf(message: Readonly<Record<string, unknown>>): Progress {
  const percent = numberOf(message['percent_done']);
  const fields = {
    bytesDone: numberOf(message['bytes_done']),
    bytesTotal: numberOf(message['total_bytes']),
    filesDone: numberOf(message['files_done']),
    filesTotal: numberOf(message['total_files']),
    etaSeconds: numberOf(message['seconds_remaining']),
  };
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  // restic 0.14 has counted more done than it had found so far.
  const share = percent === undefined ? {} : { percent: Math.min(100, Math.round(percent * 1000) / 10) };
  return { phase: 'backup', ...share, ...known };
}

function summaryOf(message: Readonly<Record<string, unknown>>): BackupLine {
  const snapshot = message['snapshot_id'];
  if (typeof snapshot !== 'string' || snapshot === '') return { kind: 'other' };
  const summary = {
    snapshot,
    files: numberOf(message['total_files_processed']) ?? 0,
    bytes: numberOf(message['total_bytes_processed']) ?? 0,
    bytesAdded: numberOf(message['data_added']) ?? 0,
  };
  return { kind: 'summary', summary };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // A warning that begins with a brace is still only a warning.
    return undefined;
  }
}
