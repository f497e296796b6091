import { setTimeout } from 'node:timers/promises';
import { askService, type SecretAnswer, type SecretRequest } from './secret-request.ts';

const TRIES = 3;
/** Between tries, when the service does not say how long; doubled each time. Milliseconds. */
const FIRST_PAUSE_MS = 500;
/** A service that asks for more patience than this is down, as far as one run is concerned. Milliseconds. */
const LONGEST_PAUSE_MS = 10_000;

/** Asks up to three times while the service is overloaded, broken or away, as long as it says with Retry-After. Never rejects. */
export async function askPatiently(question: SecretRequest): Promise<SecretAnswer> {
  for (let tries = 1; ; tries++) {
    const answer = await askService(question);
    const pauseMs = pauseAfter(answer) ?? FIRST_PAUSE_MS * 2 ** (tries - 1);
    if (!isTransient(answer) || tries === TRIES || pauseMs > LONGEST_PAUSE_MS) return answer;
    await setTimeout(pauseMs);
  }
}

function isTransient(answer: SecretAnswer): boolean {
  return answer.kind === 'unreachable' || answer.status === 429 || answer.status >= 500;
}

function pauseAfter(answer: SecretAnswer): number | undefined {
  return answer.kind === 'answer' ? answer.retryAfterMs : undefined;
}
