import { setTimeout as sleep } from 'node:timers/promises';

/** How often a thing is looked at that tells nobody when it changes. Milliseconds. */
const EVERY_MS = 25;

/** Lets others work before a test looks once more at what cannot be waited for. Never what a test relies on. */
export async function pause(ms: number = EVERY_MS): Promise<void> {
  await sleep(ms);
}
