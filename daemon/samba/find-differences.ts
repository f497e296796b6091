import type { Difference } from '../files/file-wants.ts';
import { sectionTexts } from './render-config.ts';
import type { ShareWant } from './share-want.ts';

/** Anchord's configuration as it should be. */
export interface WantedConfig {
  readonly wants: readonly ShareWant[];
  /** Names of the shares that anchord managed before: what is left of them is no change by a stranger. */
  readonly known: ReadonlySet<string>;
  readonly text: string;
}

/** Anchord's configuration as it is. */
export interface FoundConfig {
  readonly own: string | undefined;
  readonly hasBlock: boolean;
  /** False when it is right, and was not yet seen to be served. */
  readonly isKnownGood: boolean;
  readonly runs: boolean;
  /** What Samba reads otherwise although the file is right. */
  readonly readFaults: readonly string[];
}

/** How the configuration differs, share by share: what differs for all is said of each. Pure. */
export function findDifferences(
  wanted: WantedConfig,
  found: FoundConfig,
): ReadonlyMap<string, readonly Difference[]> {
  const should = sectionTexts(wanted.text);
  const is = sectionTexts(found.own ?? '');
  const common = commonDifferences(wanted, found, { should, is });
  const findings = new Map<string, readonly Difference[]>();
  for (const { id, name } of wanted.wants) {
    const own = sectionDifferences(should.get(name) ?? '', is.get(name));
    const differences = own.some(({ field }) => field === 'existence') ? own : [...own, ...common];
    if (differences.length > 0) findings.set(id, differences);
  }
  return findings;
}

interface Sections {
  readonly should: ReadonlyMap<string, string>;
  readonly is: ReadonlyMap<string, string>;
}

function commonDifferences(
  { known, wants }: WantedConfig,
  found: FoundConfig,
  { should, is }: Sections,
): readonly Difference[] {
  if (found.own === undefined) return [];
  const expected = new Set(['global', ...known, ...wants.map(({ name }) => name)]);
  const strange = [...is.keys()].find((name) => !expected.has(name));
  const what = [
    found.hasBlock ? undefined : 'not included in smb.conf',
    is.get('global') === should.get('global') ? undefined : 'the global section says something else',
    strange === undefined ? undefined : `a section [${strange}] that nothing declares`,
    ...found.readFaults.slice(0, 1),
  ].filter((one) => one !== undefined);
  if (what.length === 0 && !found.isKnownGood && found.runs) what.push('not known to be served');
  return what.map((from) => ({ field: 'configuration', from, to: 'as declared' }));
}

function sectionDifferences(should: string, is: string | undefined): readonly Difference[] {
  if (is === undefined) return [{ field: 'existence', from: 'absent', to: 'served' }];
  if (is === should) return [];
  const [old, now] = [lines(is), lines(should)];
  const gone = old.filter((line) => !now.includes(line));
  const come = now.filter((line) => !old.includes(line));
  return [{ field: 'setting', from: gone.join(', ') || 'nothing', to: come.join(', ') || 'nothing' }];
}

function lines(section: string): readonly string[] {
  return section.split('\n').flatMap((line) => (line.startsWith('\t') ? [line.trim()] : []));
}
