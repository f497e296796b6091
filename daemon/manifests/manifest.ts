/** A file whose bytes were read while its snapshot was made. */
export interface HashedFile {
  /** Absolute, as the snapshot has it: with the prefix of the host's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change of its content, as restic writes it: ISO 8601 with nanoseconds and zone. */
  readonly mtime: string;
  /** 64 hex digits, of what stood in the live file. */
  readonly sha256: string;
}

/**
 * What is known of one snapshot from elsewhere than its repository: a random sample of its files, hashed from the live
 * tree. A drill compares with it what it restores. Size and time of all other files come from `restic ls`.
 */
export interface Manifest {
  readonly policy: string;
  /** Id of the repository, 64 hex digits. */
  readonly repository: string;
  /** Id of the snapshot, 64 hex digits. */
  readonly snapshot: string;
  /** When the sample was hashed: UTC, ISO 8601. */
  readonly hashedAt: string;
  /** Files in the snapshot. */
  readonly files: number;
  /** Bytes in them. */
  readonly bytes: number;
  /** In the order of their paths. Empty when every file that was looked at had changed meanwhile. */
  readonly sample: readonly HashedFile[];
}

/** A manifest's file is never longer, bytes: 100 paths of the longest kind. */
export const MANIFEST_LIMIT: number = 4 * 1024 * 1024;

const FORMAT = 1;

/** A manifest as the text of its file. Pure. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify({ format: FORMAT, ...manifest })}\n`;
}

/** Reads that text again; undefined for what is no manifest, or one of a later format. Pure. */
export function parseManifest(text: string): Manifest | undefined {
  const value = parseObject(text);
  if (value?.['format'] !== FORMAT || !Array.isArray(value['sample'])) return undefined;
  const { policy, repository, snapshot, hashedAt, files, bytes } = value;
  const sample = (value['sample'] as readonly unknown[]).map(hashedFile);
  if (typeof policy !== 'string' || typeof hashedAt !== 'string') return undefined;
  if (!isDigest(repository) || !isDigest(snapshot) || !isCount(files) || !isCount(bytes)) return undefined;
  const known = sample.filter((file) => file !== undefined);
  if (known.length !== sample.length) return undefined;
  return { policy, repository, snapshot, hashedAt, files, bytes, sample: known };
}

function hashedFile(value: unknown): HashedFile | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { path, size, mtime, sha256 } = value as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || !path.startsWith('/') || typeof mtime !== 'string') return undefined;
  return isCount(size) && isDigest(sha256) ? { path, size, mtime, sha256 } : undefined;
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // cut off by a disk, or edited by hand: as good as none
  }
}
