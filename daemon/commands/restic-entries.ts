/** One entry of a snapshot: what `restic ls` knows of it. */
export interface SnapshotEntry {
  /** Absolute, as the host had it; an entry whose name is not UTF-8 has U+FFFD in it. */
  readonly path: string;
  readonly type: 'file' | 'dir' | 'symlink' | 'other';
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** Permissions with setuid, setgid and sticky bit, as chmod takes them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** ISO 8601 with nanoseconds and zone. */
  readonly mtime: string;
}

/** Go's own bits for setuid, setgid and sticky, and chmod's. https://pkg.go.dev/io/fs#FileMode */
const GO_BITS: readonly (readonly [number, number])[] = [
  [2 ** 23, 0o4000],
  [2 ** 22, 0o2000],
  [2 ** 20, 0o1000],
];
const TYPES: ReadonlySet<unknown> = new Set(['file', 'dir', 'symlink']);

/** `restic ls` of everything in a snapshot, one line of JSON each, without a lock. Pure. */
export function entriesArgs(snapshot: string): readonly string[] {
  return ['ls', '--json', '--no-lock', '--quiet', snapshot];
}

/** Reads one line; undefined for the snapshot's own, and for what is no entry. Pure. */
export function parseEntry(line: string): SnapshotEntry | undefined {
  const node = parseObject(line);
  // restic 0.17 and later name it message_type as well.
  if (node?.['struct_type'] !== 'node' || typeof node['path'] !== 'string') return undefined;
  return {
    path: node['path'],
    type: TYPES.has(node['type']) ? (node['type'] as SnapshotEntry['type']) : 'other',
    size: node['type'] === 'file' ? numberOf(node['size']) : 0,
    mode: chmodBits(numberOf(node['mode'])),
    uid: numberOf(node['uid']),
    gid: numberOf(node['gid']),
    mtime: typeof node['mtime'] === 'string' ? node['mtime'] : '',
  };
}

function chmodBits(mode: number): number {
  // Beyond 32 bits of a signed number: no bit operators on the whole.
  const special = GO_BITS.filter(([go]) => Math.floor(mode / go) % 2 === 1);
  return special.reduce((sum, [, bit]) => sum + bit, mode % 0o1000);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined; // cut off, because it was longer than any path
  }
}
