/** What a line of the audit may hold: no fractions, no nulls, nothing that two programs could write in two ways. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue };

/**
 * JSON that can be written in one way only: keys sorted by their UTF-16 units, no white space, strings as
 * `JSON.stringify` escapes them (which is RFC 8785 for this subset). Throws for a number that is no safe integer. Pure.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (typeof value === 'number') return integer(value);
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Half of a surrogate pair has no UTF-8: it becomes U+FFFD, as it would on its way into a file. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no safe integer`);
  return String(value === 0 ? 0 : value);
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
