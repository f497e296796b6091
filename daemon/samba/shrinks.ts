import { sectionTexts, valueIn } from './render-config.ts';

/**
 * Names of shares whose sessions must end when one configuration follows another: shares that are gone, unavailable, or
 * elsewhere, and those that somebody may use less than before. A session keeps the access it began with. Pure.
 */
export function shrunkShares(before: string, after: string): readonly string[] {
  const now = sectionTexts(after);
  return [...sectionTexts(before)]
    .filter(([name]) => name !== 'global')
    .filter(([name, old]) => shrinks(old, now.get(name)))
    .map(([name]) => name);
}

function shrinks(old: string, now: string | undefined): boolean {
  if (now === undefined || valueIn(now, 'available') === 'No') return true;
  const others = [old, now].map((text) =>
    text.split('\n').filter((line) => !/^\t(valid users|write list|read list) =/.test(line)),
  );
  // Anything else, such as a path, a veto or a module, holds for new sessions only.
  if (others[0]?.join('\n') !== others[1]?.join('\n')) return true;
  return ['valid users', 'write list'].some((list) => {
    const stay = new Set((valueIn(now, list) ?? '').split(' '));
    return (valueIn(old, list) ?? '').split(' ').some((user) => !stay.has(user));
  });
}
