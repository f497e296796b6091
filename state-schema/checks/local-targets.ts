import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { declaredPaths, type DeclaredPath, type PathRole } from './declared-paths.ts';
import { pathFault } from './path-fault.ts';
import { isAtOrBelow, overlap } from './path-tree.ts';

const STORES: ReadonlySet<PathRole> = new Set(['repository', 'tier']);

/**
 * No policy feeds on what it makes, and nothing removes or serves what another part of anchord stores. Policies and
 * tiers are few, so each is compared with each; directories are not among them.
 */
export function checkLocalTargets({ state }: CheckContext): readonly Finding[] {
  const paths = declaredPaths(state).filter(
    ({ path, role }) => role !== 'directory' && pathFault(path) === undefined,
  );
  const stores = paths.filter(({ role }) => STORES.has(role));
  const purges = paths.filter(({ role }) => role === 'purge');
  return paths.flatMap((declared) => [
    ...(declared.role === 'repository' ? ownSource(declared, paths, 'backup-source') : []),
    ...(declared.role === 'graduate-to' ? ownSource(declared, paths, 'graduate-from') : []),
    ...(declared.role === 'graduate-to' ? purged(declared, purges) : []),
    ...againstStores(declared, stores),
  ]);
}

function againstStores(declared: DeclaredPath, stores: readonly DeclaredPath[]): Finding[] {
  const { role, path } = declared;
  if (role === 'purge' || role === 'graduate-from') {
    return stores.filter((store) => overlap(store.path, path)).map((store) => removes(declared, store));
  }
  if (role === 'share' || role === 'backup-source' || role === 'mirror-source') {
    return stores.filter((store) => hides(declared, store)).map((store) => isInStore(declared, store));
  }
  if (role !== 'tier') return [];
  return stores
    .filter((store) => store !== declared && isFirst(store, declared))
    .map((store) => sharesStore(declared, store));
}

/** A tier may be backed up as a whole; a repository is always left out, so a source inside one would be empty. */
function hides(declared: DeclaredPath, store: DeclaredPath): boolean {
  const isTierSource = store.role === 'tier' && declared.role !== 'share';
  return !isTierSource && isAtOrBelow(declared.path, store.path);
}

/** Of two stores that overlap only the later tier is told, and a tier always rather than a repository. */
function isFirst(store: DeclaredPath, tier: DeclaredPath): boolean {
  return (
    overlap(store.path, tier.path) &&
    (store.role === 'repository' || String(store.at[2]) < String(tier.at[2]))
  );
}

function ownSource(target: DeclaredPath, paths: readonly DeclaredPath[], role: PathRole): Finding[] {
  const source = paths.find((other) => other.role === role && other.at[1] === target.at[1]);
  if (source === undefined || !overlap(target.path, source.path)) return [];
  const where = target.path === source.path ? 'the same as' : relation(target.path, source.path);
  const message = `${target.owner} writes to ${quote(target.path)}, which is ${where} what it takes from (${quote(source.path)}); write to another volume`;
  return [overlapping(target, message, source)];
}

function relation(path: string, source: string): string {
  return isAtOrBelow(path, source) ? 'inside' : 'around';
}

function purged(target: DeclaredPath, purges: readonly DeclaredPath[]): Finding[] {
  return purges
    .filter((purge) => overlap(purge.path, target.path))
    .map((purge) =>
      overlapping(
        target,
        `${target.owner} moves into ${quote(target.path)}, which ${purge.owner} empties; choose another place`,
        purge,
      ),
    );
}

function removes(declared: DeclaredPath, store: DeclaredPath): Finding {
  const message = `${declared.owner} removes from ${quote(declared.path)}, and ${store.owner} stores its data in ${quote(store.path)}; keep them apart`;
  return overlapping(declared, message, store);
}

function isInStore(declared: DeclaredPath, store: DeclaredPath): Finding {
  const message = `${quote(declared.path)} of ${declared.owner} lies in ${quote(store.path)}, where ${store.owner} stores its data; keep them apart`;
  return overlapping(declared, message, store);
}

function sharesStore(declared: DeclaredPath, store: DeclaredPath): Finding {
  const message = `${declared.owner} and ${store.owner} would store in one tree (${quote(declared.path)}, ${quote(store.path)}); give each its own`;
  return overlapping(declared, message, store);
}

function overlapping({ at, on, path }: DeclaredPath, message: string, other: DeclaredPath): Finding {
  return { code: 'overlap', at, on, message, found: quote(path), also: [other.at] };
}
