import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { tiersOf } from './tiers-of.ts';

/** Each tier is in exactly one place, the first one on this host, and sources are held to clean paths. */
export function checkCatcherTiers({ state }: CheckContext): readonly Finding[] {
  const tiers = tiersOf(state);
  return [
    ...tiers.flatMap(([name, { path, remote }]): Finding[] => {
      const at = ['catcher', 'tiers', name];
      if ((path === undefined) === (remote === undefined)) {
        const found = path === undefined ? 'neither' : 'both';
        const message = `tier ${name} has ${found} of path and remote; exactly one of them is expected`;
        return [
          { code: 'missing-key', at, on: 'key', message, found, expected: 'the key path or the key remote' },
        ];
      }
      if (name !== 'hot' || path !== undefined) return [];
      const message =
        'the tier hot is where files arrive, so it needs a path on a volume of this host, not a remote';
      return [{ code: 'wrong-value', at: [...at, 'remote'], on: 'key', message, expected: 'the key path' }];
    }),
    ...Object.entries(state.sources).flatMap(([name, { paths = [] }]) => {
      return paths.flatMap((path, index): Finding[] => {
        const isClean = path
          .slice(0, -1)
          .split('/')
          .every((part) => part !== '' && part !== '.' && part !== '..');
        if (isClean) return [];
        const message = `the path ${quote(path)} of source ${name} is not clean; leave out //, . and ..`;
        return [
          { code: 'path', at: ['sources', name, 'paths', index], on: 'value', message, found: quote(path) },
        ];
      });
    }),
  ];
}
