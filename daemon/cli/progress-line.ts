import type { Progress } from '../../state-schema/generated/status.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

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

/** A number of bytes for a person: `1.5 GiB`. Pure. */
export function bytesWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power] ?? ''}`;
}
