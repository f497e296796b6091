import type { GuardedVolume } from '../guards/volume-guard.ts';

/** Whether a volume may be written to again that could not be before: runs that wait for it need not wait longer. Pure. */
export function hasRecovered(before: readonly GuardedVolume[], after: readonly GuardedVolume[]): boolean {
  const bad = new Set(before.filter(({ verdict }) => verdict.kind !== 'passed').map(({ name }) => name));
  return after.some(({ name, verdict }) => verdict.kind === 'passed' && bad.has(name));
}
