import { isoSeconds } from '../clock.ts';
import type { Told, ToldSubject } from './told.ts';
import type { NewsEvent, Standing, Trouble } from './trouble.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How news is held together, and how much of it there may be. Milliseconds. */
export interface NewsLimits {
  /** Whatever becomes news within this time is told together. */
  readonly togetherMs: number;
  /** After so many tellings within an hour the rest waits, and is told together. */
  readonly perHour: number;
  /** What changed so often within an hour is told again when it has been steady for `steadyMs`. */
  readonly changesPerHour: number;
  readonly steadyMs: number;
}

/** What a host has unless it looks at its volumes more often. */
export const NEWS_LIMITS: NewsLimits = {
  togetherMs: 75_000,
  perHour: 6,
  changesPerHour: 4,
  steadyMs: 30 * MINUTE_MS,
};

/** One piece of news. */
export interface News {
  readonly event: NewsEvent;
  /** What is wrong, or was. */
  readonly trouble: Trouble;
  /** When it was first seen so, or first seen to be over. UTC, ISO 8601. */
  readonly at: string;
  /** Who was told of what is over now. */
  readonly to?: readonly string[];
  /** It comes and goes: it is told again when it has been steady for a while. */
  readonly isFlapping: boolean;
}

/** What to tell now, and what to remember. */
export interface NewsAnswer {
  readonly news: readonly News[];
  /** Whom each piece is told to is filled in by whoever tells it, see `withTargets`. */
  readonly told: Told;
  /** When there may be something to tell although nothing changes; undefined when there is nothing in the air. */
  readonly lookAgainAt?: Date;
}

/** What is known when it is judged what is news. */
export interface NewsQuestion {
  readonly told: Told;
  readonly standings: readonly Standing[];
  readonly now: Date;
  readonly limits: NewsLimits;
}

interface Candidate {
  readonly subject: string;
  readonly readyAt: number;
  readonly news: News;
}

/** What is news: what began or ended since it was last told, has lasted, and does not come and go. Pure. */
export function judgeNews({ told, standings, now, limits }: NewsQuestion): NewsAnswer {
  const subjects = withoutWell(observed(told.subjects, standings, isoSeconds(now)), now);
  const candidates = Object.entries(subjects).flatMap(([subject, one]) =>
    candidateOf(subject, one, { now, limits }),
  );
  const sentAt = recent(told.sentAt, now);
  const dueAt = tellAt(candidates, sentAt, limits);
  if (dueAt === undefined) return { news: [], told: { subjects, sentAt } };
  if (dueAt > now.getTime()) {
    return { news: [], told: { subjects, sentAt }, lookAgainAt: new Date(dueAt) };
  }
  const ready = candidates.filter(({ readyAt }) => readyAt <= now.getTime());
  const after = { ...subjects };
  for (const { subject, news } of ready) {
    const one = subjects[subject];
    if (one !== undefined) after[subject] = remembered(one, news, isoSeconds(now));
  }
  const rest = candidates.filter((candidate) => !ready.includes(candidate));
  const next = tellAt(rest, sentAt, limits);
  return {
    news: ready.map(({ news }) => news),
    told: { subjects: withoutWell(after, now), sentAt: [...sentAt, isoSeconds(now)] },
    ...(next === undefined ? {} : { lookAgainAt: new Date(next) }),
  };
}

/** Brings what is remembered up to what is seen now. What is not there any more is forgotten without a word. */
function observed(
  known: Told['subjects'],
  standings: readonly Standing[],
  now: string,
): Record<string, ToldSubject> {
  const subjects: Record<string, ToldSubject> = {};
  for (const standing of standings) {
    const before = Object.hasOwn(known, standing.subject) ? known[standing.subject] : undefined;
    const one = next(before === undefined ? undefined : notLaterThan(before, now), standing, now);
    if (one !== undefined) subjects[standing.subject] = one;
  }
  return subjects;
}

function next(before: ToldSubject | undefined, standing: Standing, now: string): ToldSubject | undefined {
  switch (standing.kind) {
    case 'unclear':
      return before;
    case 'trouble': {
      const { trouble } = standing;
      if (before === undefined) return { trouble, seenAt: now, changes: [] };
      const { goneAt, ...rest } = before;
      const isSame = goneAt === undefined && before.trouble.event === trouble.event;
      return { ...rest, trouble, seenAt: isSame ? before.seenAt : now };
    }
    case 'well':
      if (before === undefined) return undefined;
      // What nobody was told of is over without a word; how often it changed is remembered for a while.
      if (before.told === undefined && before.changes.length === 0) return undefined;
      return { ...before, goneAt: before.goneAt ?? now };
  }
}

function candidateOf(
  subject: string,
  one: ToldSubject,
  { now, limits }: Pick<NewsQuestion, 'now' | 'limits'>,
): readonly Candidate[] {
  const { trouble, told, goneAt, seenAt } = one;
  const isFlapping = recent(one.changes, now).length >= limits.changesPerHour;
  const steadyMs = isFlapping ? limits.steadyMs : 0;
  if (goneAt !== undefined) {
    if (told === undefined) return [];
    const news = { event: 'recovered', trouble, at: goneAt, to: told.to, isFlapping } as const;
    return [{ subject, readyAt: Date.parse(goneAt) + steadyMs, news }];
  }
  if (told?.event === trouble.event) return [];
  const readyAt = Date.parse(seenAt) + Math.max(trouble.patienceMs, steadyMs);
  return [{ subject, readyAt, news: { event: trouble.event, trouble, at: seenAt, isFlapping } }];
}

/** The first that is ready waits for those that come right behind it, and for its turn within the hour. */
function tellAt(
  candidates: readonly Candidate[],
  sentAt: readonly string[],
  limits: NewsLimits,
): number | undefined {
  if (candidates.length === 0) return undefined;
  const first = Math.min(...candidates.map(({ readyAt }) => readyAt)) + limits.togetherMs;
  const oldest = sentAt.at(-limits.perHour);
  return oldest === undefined ? first : Math.max(first, Date.parse(oldest) + HOUR_MS);
}

function remembered(before: ToldSubject, news: News, now: string): ToldSubject {
  const { told, ...one } = before;
  const changes = [...recent(one.changes, new Date(now)), now];
  return news.event === 'recovered'
    ? { ...one, changes }
    : { ...one, changes, told: { event: news.event, at: now, to: told?.to ?? [] } };
}

/** What is well, and was not told to be otherwise, is remembered only while it counts as coming and going. */
function withoutWell(subjects: Readonly<Record<string, ToldSubject>>, now: Date): Told['subjects'] {
  return Object.fromEntries(
    Object.entries(subjects).filter(
      ([, one]) => one.goneAt === undefined || one.told !== undefined || recent(one.changes, now).length > 0,
    ),
  );
}

function recent(times: readonly string[], now: Date): readonly string[] {
  return times.filter((time) => {
    const age = now.getTime() - Date.parse(time);
    return age >= 0 && age < HOUR_MS;
  });
}

/** A clock that was set back must not put off for years what was seen in its future. */
function notLaterThan(one: ToldSubject, now: string): ToldSubject {
  return {
    ...one,
    seenAt: one.seenAt > now ? now : one.seenAt,
    ...(one.goneAt !== undefined && one.goneAt > now ? { goneAt: now } : {}),
  };
}
