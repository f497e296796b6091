import type { Progress } from '../../state-schema/generated/status.ts';
import type { Clock } from '../clock.ts';

const PROGRESS_EVERY_MS = 1_000;

/** The same, but called once a second at the most: what is said in between is left out. */
export function throttled(
  onProgress: (progress: Progress) => void,
  clock: Pick<Clock, 'monotonic'>,
): (progress: Progress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = clock.monotonic();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    onProgress(progress);
  };
}
