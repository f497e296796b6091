/** What to mirror, and how. */
export interface MirrorRequest {
  /** Real absolute path of the tree. */
  readonly source: string;
  /** `<remote>:<path>`; the remote is in the environment. */
  readonly destination: string;
  /** Rules of rclone in order, the first that fits decides: `- pattern` leaves out, `+ pattern` takes. */
  readonly rules: readonly string[];
  /** How many files are sent at once. */
  readonly transfers: number;
  readonly fastList: boolean;
  readonly trackRenames: boolean;
}

/** How much a tree holds. */
export interface TreeSize {
  readonly files: number;
  readonly bytes: number;
}

/** `rclone size` of the source, through the same rules. Not with --skip-links: its log tells of each link. Pure. */
export function sizeArgs({ source, rules }: Pick<MirrorRequest, 'source' | 'rules'>): readonly string[] {
  return ['size', '--json', ...filterArgs(rules), source];
}

/** What `rclone size --json` printed; undefined for anything else. Pure. */
export function parseSize(stdout: string): TreeSize | undefined {
  try {
    const { count, bytes } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    return Number.isSafeInteger(count) && Number.isSafeInteger(bytes)
      ? { files: count as number, bytes: bytes as number }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `rclone sync --dry-run`: what would be done, in the log. Without --max-delete, which ends the list early, and never
 * with --ignore-errors, which deletes what it could not read. Pure.
 */
export function planArgs(request: MirrorRequest): readonly string[] {
  return ['sync', '--dry-run', ...transferArgs(request)];
}

/**
 * Brings what is new, changed or renamed to the destination and deletes nothing there. Only `sync` knows renames; its
 * deletions come after all transfers and are kept back by --max-delete: rclone 1.60 and later end with status 7 before the
 * first one that is over it. `renames`: how many deletions the renames themselves are, on a remote that copies and
 * deletes the old name. Pure.
 */
export function bringArgs(request: MirrorRequest, renames: number): readonly string[] {
  return request.trackRenames
    ? ['sync', `--max-delete=${renames}`, ...transferArgs(request)]
    : ['copy', ...transferArgs(request)];
}

/**
 * Deletes exactly the objects that a file names, one on each line, and passes over those that are not there. `most`: no
 * more than so many, whatever the file says. Pure.
 */
export function removeArgs(request: {
  readonly destination: string;
  readonly list: string;
  readonly most: number;
}): readonly string[] {
  const { destination, list, most } = request;
  return ['delete', ...ONCE, `--files-from-raw=${list}`, `--max-delete=${most}`, destination];
}

/** Tries of the whole are anchord's: another one by rclone would begin without a guard and without a plan. */
const ONCE = ['--retries=1'];

function transferArgs(request: MirrorRequest): readonly string[] {
  return [
    ...ONCE,
    '--skip-links',
    `--transfers=${request.transfers}`,
    `--buffer-size=${BUFFER_MIB}Mi`,
    ...(request.fastList ? ['--fast-list'] : []),
    ...(request.trackRenames ? ['--track-renames'] : []),
    ...filterArgs(request.rules),
    request.source,
    request.destination,
  ];
}

function filterArgs(rules: readonly string[]): readonly string[] {
  return rules.map((rule) => `--filter=${rule}`);
}

const BUFFER_MIB = 16;
/** Parts that a large file is sent in: 10,000 of them, the most that B2 and S3 take, are 640 GiB. */
const CHUNK_MIB = 64;

/**
 * The most memory that the files under way take, in bytes; the listing of the destination comes on top, about 1 KiB an
 * object. Holds with `boundedMemory`. Pure.
 */
export function mirrorMemoryBytes(transfers: number): number {
  return transfers * (BUFFER_MIB + CHUNK_MIB) * 1024 * 1024;
}

/**
 * Variables that bound the memory of uploads: rclone sends up to 16 parts of each file at once when nobody says how many,
 * another number in each version. As variables, because versions that do not know one pass over it. Pure.
 */
export function boundedMemory(): Readonly<Record<string, string>> {
  const backends = ['B2', 'S3', 'AZUREBLOB'];
  return Object.fromEntries(
    backends.flatMap((backend) => [
      [`RCLONE_${backend}_CHUNK_SIZE`, `${CHUNK_MIB}Mi`],
      [`RCLONE_${backend}_UPLOAD_CONCURRENCY`, '1'],
    ]),
  );
}
