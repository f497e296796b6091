import { cronFields, shownSlots } from './shown-slots.ts';
import { momentsOf, offsetMs, offsetsAround } from './wall-clock.ts';

const MINUTE_MS = 60_000;
/** One answer costs milliseconds, and every status asks for several of each policy, most often the same. */
const ANSWERS = 2_000;
const answers = new Map<string, number>();

/** A schedule, and the moment after which its next slot is asked for. */
export interface SlotQuestion {
  /** Five cron fields that `checkCron` of state-schema/schedule.ts finds nothing wrong with. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly after: Date;
}

/**
 * The first slot of a schedule after a moment: always later than `after`, never equal to it. Pure.
 *
 * Where the clocks leap ahead, a slot that they leap over comes as much later as they leap; where they are set back, one
 * that they show twice comes once, the first time. What runs in every hour runs by the clock as it goes, so in both of two
 * hours of one name. Throws a RangeError for what is no schedule.
 */
export function nextRun(question: SlotQuestion): Date {
  const { cron, timezone } = question;
  // Slots are whole minutes, so that within a minute the answer is the same.
  const after = Math.floor(question.after.getTime() / MINUTE_MS) * MINUTE_MS;
  const key = `${after} ${timezone} ${cron}`;
  const known = answers.get(key);
  if (known !== undefined) return new Date(known);
  const slot = compute({ cron, timezone, after: new Date(after) });
  answers.set(key, slot.getTime());
  const [oldest] = answers.keys();
  if (answers.size > ANSWERS && oldest !== undefined) answers.delete(oldest);
  return slot;
}

function compute({ cron, timezone, after }: SlotQuestion): Date {
  try {
    return new Date(firstMoment(cron, timezone, after.getTime()));
  } catch (error) {
    throw new RangeError(
      `${JSON.stringify(cron)} in ${timezone} has no next slot after ${after.toISOString()}: ${String(error)}`,
      { cause: error },
    );
  }
}

/**
 * cron-parser only reads the words: asked for the next slot, it loses those of a midnight that does not exist (Havana,
 * Santiago), and loses or doubles some where clocks are changed by half an hour (Lord Howe) or not at a full hour (Chatham).
 */
function firstMoment(cron: string, timezone: string, after: number): number {
  const fields = cronFields(cron);
  const [before, later] = offsetsAround(after, timezone);
  // A time that was leapt over, or comes a second time, was shown, or would have been, before that of `after`.
  const from = after + offsetMs(after, timezone) - Math.abs(later - before);
  let first = Number.POSITIVE_INFINITY;
  for (const shown of shownSlots(fields, from)) {
    const { earliest, isLeapt, moments } = momentsOf(shown, timezone);
    if (earliest >= first) break;
    if (fields.isHourly && isLeapt) continue;
    for (const moment of fields.isHourly ? moments : moments.slice(0, 1))
      if (moment > after) first = Math.min(first, moment);
  }
  return first;
}
