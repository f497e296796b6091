/** How far rclone is, from its statistics. */
export interface RcloneStats {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly transfers: number;
  readonly totalTransfers: number;
  readonly checks: number;
  readonly deletes: number;
  /** Renames on the remote; they are no deletions. */
  readonly renames: number;
  readonly errors: number;
  /** Bytes per second. */
  readonly speed: number;
  /** Seconds until it is done; undefined while rclone cannot tell. */
  readonly eta?: number | undefined;
}

/** One line of rclone's log. `text`: not JSON, such as the last word of rclone 1.60. */
export type RcloneLogLine =
  | { readonly kind: 'stats'; readonly stats: RcloneStats }
  | {
      readonly kind: 'message';
      readonly level: string;
      readonly message: string;
      /** Path of what it is about, below the place that is worked on. */
      readonly object?: string | undefined;
      /** What a dry run would have done: `copy`, `delete`, `move` and others. */
      readonly skipped?: string | undefined;
      /** Bytes of the object. */
      readonly size?: number | undefined;
    }
  | { readonly kind: 'text'; readonly text: string };

/** Reads one line that rclone --use-json-log wrote to stderr. Pure. */
export function parseRcloneLog(line: string): RcloneLogLine {
  const entry = parseObject(line);
  if (entry === undefined) return { kind: 'text', text: line };
  const stats = entry['stats'];
  if (typeof stats === 'object' && stats !== null)
    return { kind: 'stats', stats: statsOf(stats as Readonly<Record<string, unknown>>) };
  return {
    kind: 'message',
    level: textOf(entry['level']) ?? 'unknown',
    message: (textOf(entry['msg']) ?? '').trim(),
    object: textOf(entry['object']),
    skipped: textOf(entry['skipped']),
    size: numberOf(entry['size']),
  };
}

function statsOf(stats: Readonly<Record<string, unknown>>): RcloneStats {
  function count(name: string): number {
    return numberOf(stats[name]) ?? 0;
  }
  return {
    bytes: count('bytes'),
    totalBytes: count('totalBytes'),
    transfers: count('transfers'),
    totalTransfers: count('totalTransfers'),
    checks: count('checks'),
    deletes: count('deletes'),
    renames: count('renames'),
    errors: count('errors'),
    speed: count('speed'),
    eta: numberOf(stats['eta']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
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
