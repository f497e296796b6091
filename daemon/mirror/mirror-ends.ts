import { join } from 'node:path';
import { boundedMemory, type MirrorRequest } from '../commands/rclone-mirror.ts';
import type { RclonePlace } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { realDirectory } from '../policies/real-directory.ts';
import { remotePlace } from '../policies/remote-place.ts';
import type { NamedMirror } from './mirror-job.ts';
import { excludedWords, mirrorRules } from './mirror-rules.ts';

/** How many files are sent at once, unless the policy says so. */
const TRANSFERS = 4;

/** The two ends of a mirror, ready for rclone. */
export interface MirrorEnds {
  readonly place: RclonePlace;
  readonly request: MirrorRequest;
  /** rclone's name for the kind of remote, behind every alias: it decides what a deletion means there. */
  readonly store: string;
  /** What is never mirrored, as a person wrote it or would. */
  readonly excludes: readonly string[];
}

/** Both ends, or why one of them cannot be used. */
export type MirrorEndsResult =
  | { readonly kind: 'ends'; readonly ends: MirrorEnds }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Puts together what rclone needs to mirror: the source, reached without following a link, and the remote. */
export async function mirrorEnds(mirror: NamedMirror, parts: PolicyParts): Promise<MirrorEndsResult> {
  const { policy, state } = mirror;
  const found = realDirectory(policy.source, { root: parts.root, make: false });
  if (found.kind === 'refused') return { kind: 'fault', fault: found.fault };
  if (found.kind === 'missing') return { kind: 'fault', fault: missing(mirror) };
  const remote = policy.destination.slice(0, policy.destination.indexOf(':'));
  const priority = { nice: policy.nice, ionice: policy.ionice };
  const reached = await remotePlace({ remote, state, priority }, parts);
  if (reached.kind === 'fault') return reached;
  const { remotes } = reached.place;
  const place = { ...reached.place, remotes: { ...remotes, ...neverHard(remotes), ...boundedMemory() } };
  const scope = {
    source: policy.source,
    exclude: policy.exclude ?? [],
    repositories: await localRepositories(mirror, parts),
  };
  const request: MirrorRequest = {
    source: join(parts.root, policy.source),
    destination: policy.destination,
    rules: mirrorRules(scope),
    transfers: policy.transfers ?? TRANSFERS,
    fastList: policy.fastList ?? false,
    trackRenames: policy.trackRenames ?? false,
  };
  return {
    kind: 'ends',
    ends: { place, request, store: storeOf(remote, remotes), excludes: excludedWords(scope) },
  };
}

/** Every local repository, also those of policies that are no longer declared. */
async function localRepositories({ state }: NamedMirror, parts: PolicyParts): Promise<readonly string[]> {
  const declared = Object.values(state.policies).flatMap((policy) =>
    policy.kind === 'backup' ? [policy.repository] : [],
  );
  const remembered = [...(await parts.store.repositoryIds()).keys()];
  return [...new Set([...declared, ...remembered])].filter((location) => location.startsWith('/'));
}

/** B2 hides what is deleted; that it may be deleted for good is not taken over even from the host settings. */
function neverHard(remotes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const stores = Object.entries(remotes).filter(([name, type]) => name.endsWith('_TYPE') && type === 'b2');
  return Object.fromEntries(stores.map(([name]) => [name.replace(/_TYPE$/, '_HARD_DELETE'), 'false']));
}

/** Follows aliases and wrappers to the store that holds the objects. */
function storeOf(remote: string, remotes: Readonly<Record<string, string>>): string {
  function option(name: string, key: string): string | undefined {
    return remotes[`RCLONE_CONFIG_${name.toUpperCase()}_${key}`];
  }
  const seen: string[] = [];
  for (let name: string | undefined = remote; name !== undefined && !seen.includes(name);) {
    seen.push(name);
    name = /^([a-z][a-z0-9]*):/.exec(option(name, 'REMOTE') ?? '')?.[1];
  }
  const type = option(seen.at(-1) ?? remote, 'TYPE') ?? 'unknown';
  return type === 'alias' ? 'local' : type;
}

function missing({ name, policy }: NamedMirror): Fault {
  return {
    reason: 'SourceMissing',
    message: `the source ${policy.source} of ${name} does not exist`,
    next: `declare ${policy.source} under directories, or correct source:`,
  };
}
