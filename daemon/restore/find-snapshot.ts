import { resticFault, type ResticSubject } from '../commands/restic-fault.ts';
import { allSnapshotsArgs, parseSnapshots, type Snapshot } from '../commands/restic-snapshots.ts';
import { runRestic, type ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';

/** The snapshots of a repository, oldest first, or why they cannot be read. */
export type SnapshotList =
  | { readonly kind: 'list'; readonly snapshots: readonly Snapshot[] }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Whose snapshots a policy's own are. */
export interface Own {
  readonly host: string;
  readonly policy: string;
}

/** Reads all snapshots of a repository, whoever made them. Takes no lock: it also works beside a prune. */
export async function readSnapshots(
  place: ResticPlace,
  subject: ResticSubject,
  signal?: AbortSignal,
): Promise<SnapshotList> {
  const result = await runRestic(place, { args: allSnapshotsArgs(), signal });
  if (result.code !== 0) return { kind: 'fault', fault: resticFault(result, subject) };
  const snapshots = parseSnapshots(result.stdout);
  const byTime = snapshots.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time));
  return { kind: 'list', snapshots: byTime };
}

/** Whether a snapshot was made by this policy on this host. Pure. */
export function isOwn(snapshot: Snapshot, { host, policy }: Own): boolean {
  return snapshot.hostname === host && snapshot.tags.includes(`policy:${policy}`);
}

/**
 * The snapshot that a person names: `latest` is the newest of the policy itself, an id may be any of the repository's, so
 * that what a renamed policy or a lost host left there can be had back. Pure.
 */
export function findSnapshot(snapshots: readonly Snapshot[], named: string, own: Own): Snapshot | Fault {
  const next = `anchord snapshots ${own.policy}`;
  if (named === 'latest') {
    const found = snapshots.findLast((one) => isOwn(one, own));
    if (found !== undefined) return found;
    const message = `${own.policy} has no snapshot of this host yet`;
    return { reason: 'SnapshotMissing', message, next: `${next} --all shows what else the repository holds` };
  }
  const found = snapshots.filter((one) => one.id.startsWith(named));
  const [only] = found;
  if (only !== undefined && found.length === 1 && named.length >= 4) return only;
  const message =
    found.length > 1 || named.length < 4
      ? `${JSON.stringify(named)} is too short to name one snapshot`
      : `there is no snapshot ${JSON.stringify(named)} in the repository of ${own.policy}`;
  return { reason: 'SnapshotMissing', message, next };
}
