import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { declaredPaths } from './declared-paths.ts';
import { pathFault } from './path-fault.ts';

/** Every path of the host is absolute and clean, so that two different ones are never the same place. */
export function checkCleanPaths({ state }: CheckContext): readonly Finding[] {
  return declaredPaths(state).flatMap(({ path, owner, at, on }): Finding[] => {
    const fault = pathFault(path);
    if (fault === undefined) return [];
    const message = `the path ${quote(path)} of ${owner} is not clean: ${fault}`;
    return [{ code: 'path', at, on, message, found: quote(path), expected: 'an absolute, clean path' }];
  });
}
