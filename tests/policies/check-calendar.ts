import assert from 'node:assert/strict';
import type { ExampleHost } from './example-host.ts';
import { shownAt, slotsOf, type Span } from './slots-of.ts';

/** Every policy ran at each of its slots of a span, once, by its schedule, and well; none is late or stands still. */
export async function checkCalendar(host: ExampleHost, span: Span): Promise<void> {
  const { timezone } = host.state.host;
  for (const [name, { schedule }] of Object.entries(host.policies)) {
    const runs = await host.runs(name);
    const wanted = slotsOf(schedule, timezone, span).map((slot) => slot.replace('.000Z', 'Z'));
    assert.deepEqual(
      runs.map(({ scheduledFor }) => scheduledFor),
      wanted,
      `${name} ran at its slots`,
    );
    for (const { outcome, trigger, scheduledFor, startedAt, message } of runs)
      assert.deepEqual(
        [outcome, trigger, startedAt],
        ['ok', 'schedule', scheduledFor],
        `${name} at ${scheduledFor ?? ''}: ${message ?? ''}`,
      );
  }
  for (const { name, state, nextRunAt, overdueAfter } of await host.rig.engine.statuses(span.to)) {
    if (!Object.hasOwn(host.policies, name)) continue;
    assert.ok(
      nextRunAt !== undefined && Date.parse(nextRunAt) > span.to.getTime(),
      `${name} has a next slot`,
    );
    const runs = await host.runs(name);
    assert.equal(state, runs.length === 0 ? 'never-run' : 'ok', name);
    assert.ok(
      overdueAfter === undefined || Date.parse(overdueAfter) > span.to.getTime(),
      `${name} is not late`,
    );
  }
}

/**
 * An hourly backup has just the snapshots that its retention keeps when it is applied after each of them; besides, the one
 * that the last drill proved, and with some versions of restic the oldest.
 */
export async function checkRetention(host: ExampleHost, name: string, span: Span): Promise<void> {
  const policy = host.policies[name];
  assert.ok(policy?.kind === 'backup');
  const { timezone } = host.state.host;
  const taken = slotsOf(policy.schedule, timezone, span).map((slot) => shownTo(Date.parse(slot), timezone));
  // The drill looks at the newest there is, while the backup of that hour is being made.
  const drills = slotsOf('0 7 * * 0', timezone, span).map(Date.parse);
  const proved = drills.flatMap((at) => [shownTo(at - 3_600_000, timezone), shownTo(at, timezone)]);
  const there = await host.snapshots(name);
  const wanted = kept(taken, policy.keep ?? {});

  assert.deepEqual(
    wanted.filter((time) => !there.includes(time)),
    [],
    `${name} lost what is to be kept`,
  );
  const more = there.filter((time) => !wanted.includes(time));
  assert.deepEqual(
    more.filter((time) => !proved.includes(time) && time !== taken[0]),
    [],
    `${name} kept what is not to be kept`,
  );
  assert.equal(new Set(there).size, there.length, `${name} has one snapshot of an hour`);
}

function shownTo(time: number, timezone: string): string {
  return new Date(shownAt(time, timezone)).toISOString().slice(0, 16).replace('T', ' ');
}

/** For each hour, then each day, the newest in it, for as many as are asked for; applied after each snapshot. */
function kept(
  taken: readonly string[],
  keep: { readonly hourly?: number; readonly daily?: number },
): readonly string[] {
  let left: readonly string[] = [];
  for (const time of taken) {
    const all = [...left, time].toReversed();
    const stays = new Set([...newestOf(all, 13, keep.hourly ?? 0), ...newestOf(all, 10, keep.daily ?? 0)]);
    left = all.filter((_, index) => stays.has(index)).toReversed();
  }
  return left;
}

/** Indexes of the newest in each hour or day: those begin with the same characters. */
function newestOf(newestFirst: readonly string[], characters: number, count: number): readonly number[] {
  const firsts = newestFirst.flatMap((time, index) =>
    time.slice(0, characters) === newestFirst[index - 1]?.slice(0, characters) ? [] : [index],
  );
  return firsts.slice(0, count);
}
