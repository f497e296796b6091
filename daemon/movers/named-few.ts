/** So many things are named in a message. */
const NAMED = 3;

/** The first few of many things, and how many more there are. Pure. */
export function namedFew(what: readonly string[]): string {
  const more = what.length - NAMED;
  return what.slice(0, NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
