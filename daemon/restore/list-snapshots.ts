import type { Snapshot } from '../commands/restic-snapshots.ts';
import type { Fault } from '../errors.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { repositoryPlace, type NamedBackup } from '../policies/repository-place.ts';
import { isOwn, readSnapshots } from './find-snapshot.ts';
import { hostPathOf } from './host-path.ts';

/** One snapshot, for a person. */
export interface ListedSnapshot {
  /** 64 hex digits. */
  readonly id: string;
  /** When it was begun, with the zone's offset. */
  readonly time: string;
  readonly host: string;
  /** The policy that made it; absent for what anchord did not make. */
  readonly policy?: string;
  readonly tags: readonly string[];
  /** As this host names them, where they lie below its root. */
  readonly paths: readonly string[];
  /** Files and bytes in it, where that is known. */
  readonly files?: number;
  readonly bytes?: number;
}

/** How many ended runs are looked at for figures that old versions of restic do not keep. */
const RUNS = 2_000;

/** The snapshots of a policy, newest first; with `all`, everything in its repository. Takes no lock. */
export async function listSnapshots(
  named: NamedPolicy,
  {
    parts,
    all,
    signal,
  }: { readonly parts: PolicyParts; readonly all: boolean; readonly signal: AbortSignal },
): Promise<readonly ListedSnapshot[] | Fault> {
  const { policy, name } = named;
  const kept = policy.kind === 'state' ? policy.backup : policy;
  if (kept.kind !== 'backup') return noSnapshots(named);
  const backup: NamedBackup = { ...named, policy: kept };
  const guarded = await guardRepository(kept.repository, 'read', parts);
  if (guarded !== undefined) return guarded;
  const had = await repositoryPlace(backup, parts);
  if (had.kind === 'fault') return had.fault;
  const subject = { policy: name, repository: kept.repository };
  const list = await readSnapshots(had.place, subject, signal);
  if (list.kind === 'fault') return list.fault;
  const own = { host: parts.host, policy: name };
  const wanted = all ? list.snapshots : list.snapshots.filter((one) => isOwn(one, own));
  const runs = await parts.store.runs({ policy: name, limit: RUNS });
  return wanted.toReversed().map((snapshot) => {
    // restic 0.14 told the run only the beginning of the id.
    const run = runs.find((one) => one.snapshot !== undefined && snapshot.id.startsWith(one.snapshot));
    return listed(snapshot, parts.root, run);
  });
}

function listed(
  { id, time, hostname, tags, paths, files, bytes }: Snapshot,
  root: string,
  run: { readonly files?: number; readonly bytes?: number } | undefined,
): ListedSnapshot {
  const policy = tags.find((tag) => tag.startsWith('policy:'))?.slice('policy:'.length);
  const known = { files: files ?? run?.files, bytes: bytes ?? run?.bytes };
  return {
    id,
    time,
    host: hostname,
    ...(policy === undefined ? {} : { policy }),
    tags,
    paths: paths.map((path) => hostPathOf(path, root) ?? path),
    ...(known.files === undefined ? {} : { files: known.files }),
    ...(known.bytes === undefined ? {} : { bytes: known.bytes }),
  };
}

function noSnapshots({ name, policy }: NamedPolicy): Fault {
  const isMirror = policy.kind === 'mirror';
  return {
    reason: 'NotDeclared',
    message: isMirror
      ? `${name} is a mirror: it keeps no snapshots, only its source as it last was`
      : `${name} is a ${policy.kind} and keeps no snapshots`,
    next: isMirror ? `anchord restore ${name} --to DIR` : 'anchord policy list shows which policies back up',
  };
}
