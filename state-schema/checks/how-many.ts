import type { Finding } from '../parse/finding.ts';
import { NAMED_SECTIONS, type NamedSection } from '../parse/merge-files.ts';
import type { CheckContext } from './check-context.ts';

/**
 * The most things of a kind that one host may declare. Each pass looks at every one of them, each status tells of every
 * policy, and some checks compare all with all: without a bound whoever can push could keep the daemon busy for good.
 */
export const MOST: Readonly<Record<NamedSection | 'notify', number>> = {
  volumes: 100,
  directories: 30_000,
  links: 5_000,
  users: 1_000,
  shares: 500,
  remotes: 100,
  secrets: 500,
  policies: 200,
  sources: 5_000,
  clients: 1_000,
  notify: 100,
};

/** No section is larger than a host can bear. */
export function checkHowMany({ state }: CheckContext): readonly Finding[] {
  return [...NAMED_SECTIONS, 'notify' as const].flatMap((section): Finding[] => {
    const count = Object.keys(state[section]).length;
    const most = MOST[section];
    if (count <= most) return [];
    const expected = `at most ${most}`;
    const message = `${count} ${section} are declared for this host; ${expected} are expected, so spread them over several hosts`;
    return [{ code: 'too-large', at: [section], on: 'key', message, found: String(count), expected }];
  });
}
