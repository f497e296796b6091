import type { Condition, Status } from '../../state-schema/generated/status.ts';
import type { ConditionWord } from './conditions.ts';
import { summarySentence } from './summary-sentence.ts';

/** The branch says what is so. */
export function publishedWord(host: string): ConditionWord {
  return {
    type: 'StatusPublished',
    status: 'True',
    reason: 'Published',
    message: `The branch anchord-status/${host} is up to date.`,
  };
}

/**
 * A status as a reader of the branch must see it: whoever reads it there has proof that it was published, so that it
 * could not be a while ago is no news any more. Pure.
 */
export function asPublished(status: Status, now: string): Status {
  const conditions = status.conditions.map((condition) =>
    condition.type === 'StatusPublished' ? published(status.host, condition, now) : condition,
  );
  const said = { ...status, conditions };
  return { ...said, summary: summarySentence(said) };
}

function published(host: string, known: Condition, now: string): Condition {
  const since = known.status === 'True' ? known.lastTransitionTime : now;
  const { type, status, reason, message } = publishedWord(host);
  return { type, status, reason, message, lastTransitionTime: since };
}
