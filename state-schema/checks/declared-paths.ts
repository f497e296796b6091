import type { Policy } from '../generated/state-file.ts';
import type { ValuePath } from '../parse/finding.ts';
import type { PartialHostState } from '../parse/merge-files.ts';
import { tiersOf } from './tiers-of.ts';

/** What a path of the host is named for. */
export type PathRole =
  | 'volume'
  | 'directory'
  | 'link'
  | 'link-target'
  | 'share'
  | 'backup-source'
  | 'repository'
  | 'mirror-source'
  | 'graduate-from'
  | 'graduate-to'
  | 'purge'
  | 'tier';

/** A path of the host that some file names. */
export interface DeclaredPath {
  readonly path: string;
  readonly role: PathRole;
  /** The thing it belongs to, as a message names it. */
  readonly owner: string;
  readonly at: ValuePath;
  /** Paths of directories and links are keys, all others values. */
  readonly on: 'key' | 'value';
}

/** Every path of the host that the files name, clean or not. */
export function declaredPaths(state: PartialHostState): readonly DeclaredPath[] {
  const paths: DeclaredPath[] = [];
  for (const [name, { mount }] of Object.entries(state.volumes)) {
    paths.push({
      path: mount,
      role: 'volume',
      owner: `volume ${name}`,
      at: ['volumes', name, 'mount'],
      on: 'value',
    });
  }
  for (const path of Object.keys(state.directories)) {
    paths.push({ path, role: 'directory', owner: 'the directory', at: ['directories', path], on: 'key' });
  }
  for (const [path, { target }] of Object.entries(state.links)) {
    paths.push({ path, role: 'link', owner: 'the link', at: ['links', path], on: 'key' });
    paths.push({
      path: target,
      role: 'link-target',
      owner: 'the link',
      at: ['links', path, 'target'],
      on: 'value',
    });
  }
  for (const [name, { path }] of Object.entries(state.shares)) {
    paths.push({ path, role: 'share', owner: `share ${name}`, at: ['shares', name, 'path'], on: 'value' });
  }
  for (const [name, policy] of Object.entries(state.policies)) paths.push(...pathsOfPolicy(name, policy));
  for (const [name, tier] of tiersOf(state)) {
    if (tier.path === undefined) continue;
    paths.push({
      path: tier.path,
      role: 'tier',
      owner: `tier ${name}`,
      at: ['catcher', 'tiers', name, 'path'],
      on: 'value',
    });
  }
  return paths;
}

function pathsOfPolicy(name: string, policy: Policy): DeclaredPath[] {
  function declare(key: string, path: string, role: PathRole): DeclaredPath {
    return { path, role, owner: `policy ${name}`, at: ['policies', name, key], on: 'value' };
  }
  switch (policy.kind) {
    case 'backup': {
      const source = declare('source', policy.source, 'backup-source');
      const isLocal = policy.repository.startsWith('/');
      return isLocal ? [source, declare('repository', policy.repository, 'repository')] : [source];
    }
    case 'mirror':
      return [declare('source', policy.source, 'mirror-source')];
    case 'graduate':
      return [declare('from', policy.from, 'graduate-from'), declare('to', policy.to, 'graduate-to')];
    case 'purge':
      return [declare('path', policy.path, 'purge')];
    case 'check':
    case 'drill':
    case 'tier':
      return [];
  }
}
