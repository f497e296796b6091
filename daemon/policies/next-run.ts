import parser from 'cron-parser';

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
 * At the clock changes a slot inside the hour that does not exist comes an hour later, and one inside the hour that
 * exists twice comes once, the first time; hourly schedules run each real hour. Throws a RangeError for what is no schedule.
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
    const slots = parser.parseExpression(cron, { currentDate: after, tz: timezone });
    let slot = slots.next().toDate();
    while (slot <= after) slot = slots.next().toDate();
    return slot;
  } catch (error) {
    throw new RangeError(
      `${JSON.stringify(cron)} in ${timezone} has no next slot after ${after.toISOString()}: ${String(error)}`,
      { cause: error },
    );
  }
}
