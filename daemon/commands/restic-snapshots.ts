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
}

/** `restic snapshots`, without a lock. Pure. */
export function snapshotsArgs(filter: SnapshotFilter): readonly string[] {
  return ['snapshots', '--json', '--no-lock', `--host=${filter.host}`, `--tag=policy:${filter.policy}`];
}

/** Reads what `restic snapshots --json` printed; oldest first, as restic has them. Throws a SyntaxError for anything else. Pure. */
export function parseSnapshots(stdout: string): readonly Snapshot[] {
  // null: there are none.
  const list = (JSON.parse(stdout) ?? []) as readonly Partial<Snapshot>[];
  return list.map((one) => ({
    id: one.id ?? '',
    time: one.time ?? '',
    paths: one.paths ?? [],
    tags: one.tags ?? [],
    hostname: one.hostname ?? '',
  }));
}
