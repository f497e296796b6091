import type { Progress } from '../../state-schema/generated/status.ts';
import type { RunResult } from '../process/run.ts';

/** How much of the data `restic check` reads besides the structure. */
export type ReadSubset =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  /** Part `part` of `of`; restic knows 256 at the most. */
  | { readonly kind: 'part'; readonly part: number; readonly of: number }
  /** A random share, in percent. */
  | { readonly kind: 'percent'; readonly percent: number }
  /** Random packs of about so many bytes. */
  | { readonly kind: 'bytes'; readonly bytes: number };

/** What is wrong with a repository. */
export interface Damage {
  /** Ids of packs that are damaged or missing. */
  readonly packs: readonly string[];
  /** What restic said, line by line, without advice. */
  readonly words: readonly string[];
}

/** So many complaints are kept. */
const WORDS = 20;

/** `restic check`. Its copy of the cache goes to `cache`, a folder of its own. Pure. */
export function checkArgs(call: {
  readonly subset: ReadSubset;
  readonly cache: string;
  /** The most to read per second, KiB. */
  readonly limitKiB?: number | undefined;
}): readonly string[] {
  return [
    'check',
    '--json',
    `--cache-dir=${call.cache}`,
    ...subsetArgs(call.subset),
    ...(call.limitKiB === undefined ? [] : [`--limit-download=${call.limitKiB}`]),
  ];
}

/** How far a check is, from one line of stdout; undefined for other lines, and for restic from 0.18 on. Pure. */
export function parseCheckProgress(line: string): Progress | undefined {
  const match = /^\[[\d:]+\] +([\d.]+)% +\d+ \/ \d+ (\w+)/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { phase: `check ${match[2]}`, percent: Math.min(100, Number(match[1])) };
}

/**
 * What a check found damaged; undefined when it found nothing, or did not come to an end: then resticFault says why.
 * Older versions of restic write plain text, those from 0.18 on JSON. Pure.
 */
export function damageFound(result: RunResult): Damage | undefined {
  if (result.end !== 'exited' || result.code === 0) return undefined;
  const words = [...result.stderr.split('\n'), ...result.stdout.split('\n')].flatMap(wordsOf);
  if (!words.some((text) => text.includes('repository contains errors'))) return undefined;
  const packs = new Set(words.flatMap(packsIn));
  for (const pack of brokenPacks(result.stdout)) packs.add(pack);
  return { packs: [...packs].toSorted(), words: words.filter(isComplaint).slice(0, WORDS) };
}

function subsetArgs(subset: ReadSubset): readonly string[] {
  switch (subset.kind) {
    case 'none':
      return [];
    case 'all':
      return ['--read-data'];
    case 'part':
      return [`--read-data-subset=${subset.part}/${subset.of}`];
    case 'percent':
      return [`--read-data-subset=${subset.percent}%`];
    case 'bytes':
      // A bare number would be taken for half of a part.
      return [`--read-data-subset=${Math.max(1, Math.ceil(subset.bytes / 1024))}K`];
  }
}

function wordsOf(line: string): readonly string[] {
  if (!line.startsWith('{')) return [line];
  const message = parseObject(line)?.['message'];
  return typeof message === 'string' ? message.split('\n') : [];
}

function packsIn(text: string): readonly string[] {
  const match = /(?:\bpack |Pack ID does not match, want )([0-9a-f]{64})\b/.exec(text);
  return match?.[1] === undefined ? [] : [match[1]];
}

function brokenPacks(stdout: string): readonly string[] {
  return stdout.split('\n').flatMap((line) => {
    const broken = line.startsWith('{') ? parseObject(line)?.['broken_packs'] : undefined;
    if (!Array.isArray(broken)) return [];
    return (broken as readonly unknown[]).filter((id) => typeof id === 'string');
  });
}

function isComplaint(text: string): boolean {
  return /^(?:error|pack [0-9a-f]|Pack ID|tree [0-9a-f]|id [0-9a-f]|blob |snapshot |Fatal: (?!repository contains))/i.test(
    text.trim(),
  );
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
