import type { Finding, ValuePath } from '../parse/finding.ts';
import type { PartialHostState } from '../parse/merge-files.ts';
import { parseRepository } from '../parse-repository.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { selfAndAbove } from './path-tree.ts';
import { tiersOf } from './tiers-of.ts';

/** Something that is stored on a remote. */
interface RemotePlace {
  readonly place: string;
  readonly role: 'mirror' | 'repository' | 'tier';
  readonly owner: string;
  readonly at: ValuePath;
}

/** Places on remotes are clean and do not overlap: a mirror deletes whatever else lies in its destination. */
export function checkRemotePlaces({ state }: CheckContext): readonly Finding[] {
  const places = remotePlaces(state);
  const unclean = places.filter(({ place }) => placeFault(place) !== undefined);
  const clean = places.filter(({ place }) => placeFault(place) === undefined);
  const first = new Map<string, RemotePlace>();
  for (const place of clean) {
    const key = storedAt(place, state);
    if (!first.has(key)) first.set(key, place);
  }
  return [...unclean.map(notClean), ...clean.flatMap((place) => overlapping(place, first, state))];
}

function remotePlaces(state: PartialHostState): readonly RemotePlace[] {
  const ofPolicies = Object.entries(state.policies).flatMap(([name, policy]): RemotePlace[] => {
    const owner = `policy ${name}`;
    if (policy.kind === 'mirror') {
      return [{ place: policy.destination, role: 'mirror', owner, at: ['policies', name, 'destination'] }];
    }
    if (policy.kind !== 'backup') return [];
    const location = parseRepository(policy.repository);
    if (location.kind === 'local') return [];
    return [
      {
        place: `${location.remote}:${location.place}`,
        role: 'repository',
        owner,
        at: ['policies', name, 'repository'],
      },
    ];
  });
  const ofTiers = tiersOf(state).flatMap(([name, { remote }]): RemotePlace[] => {
    return remote === undefined
      ? []
      : [{ place: remote, role: 'tier', owner: `tier ${name}`, at: ['catcher', 'tiers', name, 'remote'] }];
  });
  return [...ofPolicies, ...ofTiers];
}

function placeFault(place: string): string | undefined {
  const parts = place.slice(place.indexOf(':') + 1).split('/');
  if (parts.length > 32) return 'it is more than 32 directories deep';
  if (parts.includes('')) return 'it begins or ends with /, or holds //';
  return parts.includes('.') || parts.includes('..') ? 'it holds . or ..' : undefined;
}

function notClean({ place, owner, at }: RemotePlace): Finding {
  const expected = '<remote>:<bucket>/<path>';
  const message = `the place ${quote(place)} of ${owner} is not clean: ${placeFault(place)}; write ${expected}`;
  return { code: 'path', at, on: 'value', message, found: quote(place), expected };
}

/**
 * Two remotes may be two keys to one account, and buckets of B2 and S3 have names of their own in the whole world: the
 * kind of remote and the bucket tell whether two places are the same.
 */
function storedAt({ place }: RemotePlace, state: PartialHostState): string {
  const colon = place.indexOf(':');
  const name = place.slice(0, colon);
  const type = Object.hasOwn(state.remotes, name) ? state.remotes[name]?.type : undefined;
  // Of two remotes that the host settings define nothing is known here.
  const store = type === undefined || type === 'host' ? name : type;
  return `/${store}/${place.slice(colon + 1)}`;
}

function overlapping(
  place: RemotePlace,
  first: ReadonlyMap<string, RemotePlace>,
  state: PartialHostState,
): Finding[] {
  const other = selfAndAbove(storedAt(place, state))
    .map((above) => first.get(above))
    .find((candidate) => candidate !== undefined && candidate !== place);
  if (other === undefined) return [];
  const isSameRepository =
    place.role === 'repository' &&
    other.role === 'repository' &&
    storedAt(place, state) === storedAt(other, state);
  if (isSameRepository) return [];
  const message = `${quote(place.place)} of ${place.owner} lies in ${quote(other.place)} of ${other.owner}; one of them would destroy the other, so keep them apart`;
  return [
    { code: 'overlap', at: place.at, on: 'value', message, found: quote(place.place), also: [other.at] },
  ];
}
