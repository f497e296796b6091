import { isWithin } from './target.ts';

/** What a real path is called on the host, without the root's prefix; undefined for what does not lie below the root. Pure. */
export function hostPathOf(path: string, root: string): string | undefined {
  if (!isWithin(path, root)) return undefined;
  return root === '/' ? path : path.slice(root.length) || '/';
}
