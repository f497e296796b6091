/** Whose snapshots. */
export interface SnapshotFilter {
  readonly host: string;
  readonly policy: string;
}

/** One snapshot of a repository. */
export interface Snapshot {
  /** 64 hex digits. */
  readonly id: string;
  /** When it was begun, with the zone's offset. */
  readonly time: string;
  readonly paths: readonly string[];
  readonly tags: readonly string[];
  readonly hostname: string;
  /** Files and bytes in it; only from restic 0.17 on. */
  readonly files?: number;
  readonly bytes?: number;
}

/** `restic snapshots`, without a lock. Pure. */
export function snapshotsArgs(filter: SnapshotFilter): readonly string[] {
  return ['snapshots', '--json', '--no-lock', `--host=${filter.host}`, `--tag=policy:${filter.policy}`];
}

/** `restic snapshots` of a whole repository, whoever made them, without a lock. Pure. */
export function allSnapshotsArgs(): readonly string[] {
  return ['snapshots', '--json', '--no-lock'];
}

/** Reads what `restic snapshots --json` printed; oldest first, as restic has them. Throws a SyntaxError for anything else. Pure. */
export function parseSnapshots(stdout: string): readonly Snapshot[] {
  // null: there are none.
  const list = (JSON.parse(stdout) ?? []) as readonly ListedSnapshot[];
  return list.map((one) => ({
    id: one.id ?? '',
    time: one.time ?? '',
    paths: one.paths ?? [],
    tags: one.tags ?? [],
    hostname: one.hostname ?? '',
    ...(one.summary?.total_files_processed === undefined ? {} : { files: one.summary.total_files_processed }),
    ...(one.summary?.total_bytes_processed === undefined ? {} : { bytes: one.summary.total_bytes_processed }),
  }));
}

interface ListedSnapshot extends Partial<Pick<Snapshot, 'id' | 'time' | 'paths' | 'tags' | 'hostname'>> {
  readonly summary?: { readonly total_files_processed?: number; readonly total_bytes_processed?: number };
}
