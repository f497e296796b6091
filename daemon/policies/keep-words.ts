import type { Keep } from '../../state-schema/generated/state-file.ts';

const UNITS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

/** Retention as a person says it: `24 hourly, 7 daily`. Pure. */
export function keepWords(keep: Keep | undefined): string {
  const words = [
    ...(keep?.last === undefined ? [] : [`the newest ${keep.last}`]),
    ...UNITS.flatMap((unit) => (keep?.[unit] === undefined ? [] : [`${keep[unit]} ${unit}`])),
    ...(keep?.within === undefined ? [] : [`all of the last ${keep.within}`]),
  ];
  return words.length === 0 ? 'everything, for ever' : words.join(', ');
}
