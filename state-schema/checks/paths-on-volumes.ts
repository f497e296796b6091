import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import { isComplete, type CheckContext } from './check-context.ts';
import { declaredPaths, type DeclaredPath, type PathRole } from './declared-paths.ts';
import { pathFault } from './path-fault.ts';
import { selfAndAbove } from './path-tree.ts';

// What anchord makes, empties or fills must not be the root of a volume, which is root's and holds the sentinel.
const BELOW_ONLY: ReadonlySet<PathRole> = new Set([
  'directory',
  'link',
  'purge',
  'graduate-to',
  'repository',
  'tier',
]);

/** Everything lies on a declared volume, because only volumes are guarded; some things only below its root. */
export function checkPathsOnVolumes(context: CheckContext): readonly Finding[] {
  const mounts = new Map(Object.entries(context.state.volumes).map(([name, { mount }]) => [mount, name]));
  const isKnown = isComplete(context, 'volumes');
  return declaredPaths(context.state).flatMap((declared): Finding[] => {
    if (declared.role === 'volume' || pathFault(declared.path) !== undefined) return [];
    const volume = selfAndAbove(declared.path).find((path) => mounts.has(path));
    if (volume === undefined) return isKnown ? [outside(declared, mounts)] : [];
    if (volume === declared.path && BELOW_ONLY.has(declared.role))
      return [onRoot(declared, mounts.get(volume) ?? '')];
    return [];
  });
}

function outside({ path, owner, at, on }: DeclaredPath, mounts: ReadonlyMap<string, string>): Finding {
  const known = [...mounts.keys()].toSorted();
  const expected =
    known.length === 0 ? 'a path on a volume' : `a path below ${known.slice(0, 20).join(', ')}`;
  const message = `the path ${quote(path)} of ${owner} lies on no declared volume; ${expected} is expected`;
  return { code: 'path', at, on, message, found: quote(path), expected };
}

function onRoot({ path, owner, at, on }: DeclaredPath, volume: string): Finding {
  const expected = `a directory below ${path}`;
  const message = `the path ${quote(path)} of ${owner} is the root of volume ${volume} itself; ${expected} is expected`;
  return { code: 'path', at, on, message, found: quote(path), expected };
}
