import { isKeptName, rawBytes, rawName, type RawName } from './tree/raw-name.ts';

const LONGEST_BYTES = 255;

/** The name a directory gets in its new place, or why it cannot have one. */
export type GraduatedName =
  | { readonly kind: 'name'; readonly name: RawName }
  | { readonly kind: 'unfit'; readonly why: string };

/**
 * The name of a directory in its new place: that of the template, byte for byte, with the year of the move in the zone of
 * the host. Pure.
 */
export function graduatedName(
  template: string,
  directory: RawName,
  at: { readonly now: Date; readonly timezone: string },
): GraduatedName {
  const year = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    timeZone: at.timezone,
    calendar: 'iso8601',
  }).format(at.now);
  // A function, or `$&` in a name would be taken for a pattern of its own.
  const name = rawName(template).replaceAll(/\{(year|name)\}/g, (_, key) =>
    key === 'year' ? year : directory,
  );
  if (rawBytes(name).length > LONGEST_BYTES)
    return { kind: 'unfit', why: `its new name would have more than ${LONGEST_BYTES} bytes` };
  if (isKeptName(name) || name === '.' || name === '..' || name === '' || /[/\0]/.test(name))
    return { kind: 'unfit', why: 'its new name would be none that a directory may have there' };
  return { kind: 'name', name };
}
