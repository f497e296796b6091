import { bytesWords } from '../bytes-words.ts';
import type { Progress } from '../../state-schema/generated/status.ts';

/** A run's progress in one line. Pure. */
export function progressLine(policy: string, progress: Progress): string {
  const percent = progress.percent === undefined ? '' : `${Math.floor(progress.percent)} %`;
  const bytes =
    progress.bytesDone === undefined
      ? ''
      : `${bytesWords(progress.bytesDone)}${progress.bytesTotal === undefined ? '' : ` of ${bytesWords(progress.bytesTotal)}`}`;
  const eta = progress.etaSeconds === undefined ? '' : `${progress.etaSeconds} s left`;
  return [policy, progress.phase, percent, bytes, eta].filter((part) => part !== '').join('  ');
}
