import type { Status } from '../../state-schema/generated/status.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import type { Counts } from './tally.ts';

/** All that metrics are made of, gathered anew for each time they are asked for. */
export interface MetricFacts {
  readonly status: Status;
  readonly revisions: { readonly trusted?: string; readonly applied?: string };
  readonly volumes: readonly GuardedVolume[];
  /** When the status branch was last published, by this or an earlier process. UTC, ISO 8601. */
  readonly publishedAt?: string;
  readonly counts: Counts;
  readonly process: ProcessFacts;
}

/** What the process costs. */
export interface ProcessFacts {
  readonly nodeVersion: string;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  /** Unix time. */
  readonly startedAtSeconds: number;
}

/** One metric: what it is called, what it means, and its samples as the facts have them. */
export interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  /** Pure. No samples is an answer, too: what is not known is not served. */
  readonly samples: (facts: MetricFacts) => readonly Sample[];
}

/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A time as Prometheus has it, as a list with one sample or none. */
export function timeSamples(
  iso: string | undefined,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  return iso === undefined ? [] : [{ labels, value: Date.parse(iso) / 1000 }];
}

/** One sample for each word a thing can be, 1 for the word it is: so no earlier word can stay true. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  is: Word | undefined,
  labelled: (word: Word) => Readonly<Record<string, string>>,
): Sample[] {
  return words.map((word) => ({ labels: labelled(word), value: word === is ? 1 : 0 }));
}

/** Every word of a closed union. The compiler asks for those that were forgotten. */
export function everyWord<Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] {
  return Object.keys(words).filter((word): word is Word => Object.hasOwn(words, word));
}
