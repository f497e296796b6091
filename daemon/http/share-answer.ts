import type { EventHub } from '../event-hub.ts';

/** How long an answer may be handed to others when nothing happened meanwhile. Milliseconds. */
const KEEP_MS = 1_000;

/**
 * The same as `make`, but whoever asks at the same time, or soon after and before anything happened, gets one answer:
 * however many ask, the work is done about once a second.
 */
export function shareAnswer<Answer>(
  make: () => Promise<Answer>,
  place: { readonly hub: EventHub; readonly monotonic: () => number },
): () => Promise<Answer> {
  let shared: { readonly answer: Promise<Answer>; readonly madeAt: number } | undefined;
  place.hub.listen(() => {
    shared = undefined;
  });
  return () => {
    const now = place.monotonic();
    if (shared !== undefined && now - shared.madeAt < KEEP_MS) return shared.answer;
    const made = { answer: make(), madeAt: now };
    shared = made;
    made.answer.catch(() => {
      if (shared === made) shared = undefined;
    });
    return made.answer;
  };
}
