import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { declaredPaths, type DeclaredPath } from './declared-paths.ts';
import { pathFault } from './path-fault.ts';
import { selfAndAbove } from './path-tree.ts';

/** Nothing lies at or below a declared link, and no link leads to another: anchord follows none of them. */
export function checkLinks({ state }: CheckContext): readonly Finding[] {
  const links = new Set(Object.keys(state.links));
  if (links.size === 0) return [];
  return declaredPaths(state).flatMap((declared): Finding[] => {
    if (pathFault(declared.path) !== undefined) return [];
    const above = selfAndAbove(declared.path);
    const link = (declared.role === 'link' ? above.slice(1) : above).find((path) => links.has(path));
    return link === undefined ? [] : [behindLink(declared, link)];
  });
}

function behindLink({ path, role, owner, at, on }: DeclaredPath, link: string): Finding {
  const also = [['links', link]];
  if (role === 'link-target') {
    const message = `the target ${quote(path)} is itself reached through the link ${quote(link)}; name where that leads`;
    return { code: 'overlap', at, on, message, found: quote(path), also };
  }
  const what = path === link ? `the place of the link ${quote(link)}` : `below the link ${quote(link)}`;
  const message = `the path ${quote(path)} of ${owner} is ${what}, and links are never followed; keep one of them`;
  return { code: 'overlap', at, on, message, found: quote(path), also };
}
