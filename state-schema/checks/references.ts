import type { Policy, SecretRef } from '../generated/state-file.ts';
import { nearest } from '../nearest.ts';
import type { Finding, ValuePath } from '../parse/finding.ts';
import type { NamedSection } from '../parse/merge-files.ts';
import { parseRepository } from '../parse-repository.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { tiersOf } from './tiers-of.ts';

/** A name that must be declared elsewhere. */
interface Reference {
  readonly section: NamedSection;
  readonly name: string;
  readonly at: ValuePath;
}

/** Every name that something refers to is declared. */
export function checkReferences(context: CheckContext): readonly Finding[] {
  if (!context.isWhole) return [];
  const { state, names } = context;
  const references = [
    ...Object.entries(state.users).flatMap(([name, { samba }]) =>
      secretIn(samba?.password, ['users', name, 'samba', 'password']),
    ),
    ...Object.entries(state.shares).flatMap(([name, { write, read }]) => [
      ...listed('users', write, ['shares', name, 'write']),
      ...listed('users', read, ['shares', name, 'read']),
    ]),
    ...Object.entries(state.remotes).flatMap(([name, remote]) => secretsIn(remote, ['remotes', name])),
    ...Object.entries(state.policies).flatMap(([name, policy]) =>
      referencesOfPolicy(policy, ['policies', name]),
    ),
    ...tiersOf(state).flatMap(([name, { remote }]) => remoteIn(remote, ['catcher', 'tiers', name, 'remote'])),
    ...Object.entries(state.clients).map(([name, { user }]) => ({
      section: 'users' as const,
      name: user,
      at: ['clients', name, 'user'],
    })),
    ...state.notify.flatMap((target, index) => [
      ...secretsIn(target, ['notify', index]),
      ...listed('policies', target.policies, ['notify', index, 'policies']),
    ]),
  ];
  return references
    .filter(({ section, name }) => !names[section].has(name))
    .map((reference) => unknown(reference, context));
}

function referencesOfPolicy(policy: Policy, at: ValuePath): Reference[] {
  switch (policy.kind) {
    case 'backup':
      return [
        ...secretIn(policy.password, [...at, 'password']),
        ...repositoryRemote(policy.repository, [...at, 'repository']),
      ];
    case 'mirror':
      return remoteIn(policy.destination, [...at, 'destination']);
    case 'check':
    case 'drill':
      return listed('policies', policy.of, [...at, 'of']);
    case 'graduate':
    case 'purge':
    case 'tier':
      return [];
  }
}

function repositoryRemote(repository: string, at: ValuePath): Reference[] {
  const location = parseRepository(repository);
  return location.kind === 'local' ? [] : remoteIn(`${location.remote}:${location.place}`, at);
}

function remoteIn(place: string | undefined, at: ValuePath): Reference[] {
  return place === undefined ? [] : [{ section: 'remotes', name: place.slice(0, place.indexOf(':')), at }];
}

function listed(section: NamedSection, names: readonly string[] | undefined, at: ValuePath): Reference[] {
  return (names ?? []).map((name, index) => ({ section, name, at: [...at, index] }));
}

/** Every `{ secret: NAME }` that stands directly under the keys of a thing. */
function secretsIn(thing: object, at: ValuePath): Reference[] {
  return Object.entries(thing).flatMap(([key, value]: [string, unknown]) => {
    return isSecretRef(value) ? secretIn(value, [...at, key]) : [];
  });
}

function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string';
}

function secretIn(reference: SecretRef | undefined, at: ValuePath): Reference[] {
  return reference === undefined
    ? []
    : [{ section: 'secrets', name: reference.secret, at: [...at, 'secret'] }];
}

function unknown({ section, name, at }: Reference, { names }: CheckContext): Finding {
  const found = quote(name);
  const expected = `a name under ${section}`;
  const near = nearest(name, names[section]);
  const message = `${at.join(' › ')} refers to ${found}, which ${section} does not declare`;
  const finding = { code: 'unknown-reference', at, on: 'value', message, found, expected } as const;
  return near === undefined ? finding : { ...finding, nearest: near };
}
