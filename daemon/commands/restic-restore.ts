import type { Progress } from '../../state-schema/generated/status.ts';
import { literalPattern } from './restic-backup.ts';

/** What to restore, and where to. */
export interface RestoreCall {
  /** Id of the snapshot. */
  readonly snapshot: string;
  /** Folder that gets the tree, each entry at its whole path. */
  readonly target: string;
  /** Only this entry and what is below it: an absolute path of the snapshot. */
  readonly only?: readonly string[];
  /** The most to read per second, KiB. */
  readonly limitKiB?: number | undefined;
}

const TROUBLE = 'ignoring error for ';

/** `restic restore`, which reads all it wrote once more and compares it. Pure. */
export function restoreArgs(call: RestoreCall): readonly string[] {
  return [
    'restore',
    '--json',
    '--verify',
    `--target=${call.target}`,
    ...(call.only ?? []).map((path) => `--include=${literalPattern(path)}`),
    ...(call.limitKiB === undefined ? [] : [`--limit-download=${call.limitKiB}`]),
    '--',
    call.snapshot,
  ];
}

/** How far a restore is, from one line of stdout; undefined for other lines, and for all of restic before 0.16. Pure. */
export function parseRestoreProgress(line: string): Progress | undefined {
  const message = parseObject(line);
  if (message?.['message_type'] !== 'status') return undefined;
  const fields = {
    bytesDone: numberOf(message['bytes_restored']),
    bytesTotal: numberOf(message['total_bytes']),
    filesDone: numberOf(message['files_restored']),
    filesTotal: numberOf(message['total_files']),
  };
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const share = numberOf(message['percent_done']);
  const percent = share === undefined ? {} : { percent: Math.min(100, Math.round(share * 1000) / 10) };
  return { phase: 'restore', ...percent, ...known };
}

/**
 * What restic complained of, one text for each complaint, each beginning with the path of its entry and `: `. Older
 * versions write it plain, and a name may hold line ends; newer ones as JSON. Pure.
 */
export function restoreTroubles(stderr: string): readonly string[] {
  const [, ...plain] = `\n${stderr}`.split(`\n${TROUBLE}`);
  const json = stderr.split('\n').flatMap((line) => {
    const message = parseObject(line);
    const item = message?.['item'];
    if (message?.['message_type'] !== 'error' || typeof item !== 'string') return [];
    const text = (message['error'] as { readonly message?: unknown } | undefined)?.message;
    return [`${item}: ${typeof text === 'string' ? text : 'restic did not say why'}`];
  });
  return [...plain, ...json];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
