/** A regular file in a snapshot. */
export interface ListedFile {
  /** Absolute, as the snapshot has it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601 with nanoseconds and zone. */
  readonly mtime: string;
  readonly ctime: string;
}

/** One line of `restic ls --json`. `other`: a directory, a link, or something of a later version. */
export type ListedLine =
  | { readonly kind: 'snapshot'; readonly id: string }
  | {
      readonly kind: 'file';
      /** Bytes. */
      readonly size: number;
      /** Parses the rest: most callers pass over most files. */
      readonly file: () => ListedFile | undefined;
    }
  | { readonly kind: 'other' };

const FILE = /[^\\]"type":"file"/;
const SIZE = /[^\\]"size":(\d{1,16})[,}]/;

/** `restic ls`, without a lock: every file of a snapshot. Pure. */
export function lsArgs(snapshot: string): readonly string[] {
  return ['ls', '--json', '--no-lock', '--quiet', snapshot];
}

/**
 * Reads one line, without parsing all of it: a million of them would take the event loop seconds. A quote inside a name
 * always follows a backslash, so that no name can look like a field. Pure.
 */
export function parseLsLine(line: string): ListedLine {
  if (FILE.test(line)) {
    // Of an empty file the size is left out.
    return { kind: 'file', size: Number(SIZE.exec(line)?.[1] ?? 0), file: () => listedFile(line) };
  }
  if (!/[^\\]"struct_type":"snapshot"/.test(line)) return { kind: 'other' };
  const id = parseObject(line)?.['id'];
  return typeof id === 'string' ? { kind: 'snapshot', id } : { kind: 'other' };
}

function listedFile(line: string): ListedFile | undefined {
  const { path, size, mtime, ctime } = parseObject(line) ?? {};
  if (typeof path !== 'string' || typeof mtime !== 'string' || typeof ctime !== 'string') return undefined;
  return { path, size: typeof size === 'number' ? size : 0, mtime, ctime };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined; // a line longer than any path, cut off
  }
}
