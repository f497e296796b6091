const STRIP_DAYS = 30;

/** Outcomes from bad to good: the worst run of a day decides what the day is. */
const OUTCOMES = /** @type {const} */ ([
  { outcome: 'failed', state: 'failed', word: 'failed' },
  { outcome: 'refused', state: 'failed', word: 'refused' },
  { outcome: 'partial', state: 'partial', word: 'partial' },
  { outcome: 'ok', state: 'ok', word: 'ok' },
  { outcome: 'cancelled', state: 'not-due', word: 'cancelled' },
  { outcome: 'skipped', state: 'not-due', word: 'skipped' },
]);

const dayLabelFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/**
 * The last 30 days of a policy, oldest first, in its own time zone.
 * @param {Anchord.PolicyStatus} policy
 * @param {readonly Anchord.Run[]} runs
 * @param {number} now
 * @returns {Anchord.Day[]}
 */
function runDays(policy, runs, now) {
  const dateOf = dateIn(policy.timezone);
  const today = dateOf(now);
  const byDate = Map.groupBy(runs, (run) => dateOf(Date.parse(run.startedAt)));
  const isDue = dueDays(policy.schedule);
  const firstDate = [...byDate.keys()].toSorted()[0];
  const nextDate = policy.nextRunAt === undefined ? '' : dateOf(Date.parse(policy.nextRunAt));

  return lastDates(today).map((date) => {
    const dayRuns = byDate.get(date) ?? [];
    if (dayRuns.length > 0) return ranDay(date, dayRuns);
    if (isDue === undefined || !isDue(date)) return emptyDay(date, 'not-due', 'not due');
    if (firstDate === undefined || date < firstDate)
      return emptyDay(date, 'not-yet', 'nothing on record yet');
    if (date === today && (nextDate === today || policy.state === 'running'))
      return emptyDay(date, 'not-yet', 'not yet');
    return emptyDay(date, 'overdue', 'overdue: it was due and did not run');
  });
}

/**
 * The strip as one sentence.
 * @param {readonly Anchord.Day[]} days
 */
function sayDays(days) {
  const states = /** @type {const} */ (['ok', 'partial', 'failed', 'overdue', 'not-due', 'not-yet']);
  const parts = states
    .map((state) => ({ state, count: days.filter((day) => day.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state.replace('-', ' ')}`);
  return `Last ${days.length} days: ${sayList(parts)}.`;
}

/**
 * @param {string} timeZone
 * @returns {(time: number) => string}
 */
function dateIn(timeZone) {
  const format = dateFormat(timeZone);
  return (time) => (Number.isNaN(time) ? '' : format.format(time));
}

/** @param {string} timeZone */
function dateFormat(timeZone) {
  const parts = /** @type {const} */ ({ year: 'numeric', month: '2-digit', day: '2-digit' });
  try {
    return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone });
  } catch {
    // This browser does not know the zone; UTC is at most a day off.
    return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: 'UTC' });
  }
}

/** @param {string} today */
function lastDates(today) {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: STRIP_DAYS }, (_, index) =>
    new Date(end - (STRIP_DAYS - 1 - index) * DAY).toISOString().slice(0, 10),
  );
}

/**
 * @param {string} date
 * @param {readonly Anchord.Run[]} runs
 * @returns {Anchord.Day}
 */
function ranDay(date, runs) {
  const worst = OUTCOMES.find(({ outcome }) => runs.some((run) => run.outcome === outcome)) ?? OUTCOMES[0];
  const telling = runs.find((run) => run.outcome === worst.outcome && run.message !== undefined);
  const added = runs.reduce((sum, run) => sum + (run.bytesAdded ?? 0), 0);
  const details = [telling?.message ?? '', added > 0 ? `${sayBytes(added)} added` : ''].filter(
    (text) => text !== '',
  );
  return day(date, { state: worst.state, word: worst.word, runs: runs.length, detail: details.join(' · ') });
}

/**
 * @param {string} date
 * @param {Anchord.Day['state']} state
 * @param {string} word
 */
function emptyDay(date, state, word) {
  return day(date, { state, word, runs: 0, detail: '' });
}

/**
 * @param {string} date
 * @param {Pick<Anchord.Day, 'state' | 'word' | 'runs' | 'detail'>} facts
 * @returns {Anchord.Day}
 */
function day(date, facts) {
  const label = dayLabelFormat.format(Date.parse(`${date}T00:00:00Z`));
  const count = facts.runs === 0 ? '' : `, ${sayCount(facts.runs, 'run')}`;
  return { date, label, icon: `#day-${facts.state}`, ...facts, text: `${label}: ${facts.word}${count}` };
}
