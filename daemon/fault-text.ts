import type { Fault } from './errors.ts';

const NEXT = '; next: ';

/**
 * A fault in one line, for where there is only one: what is wrong, then what to do next. The mark between them stands
 * nowhere else: a directory whose name holds it must not tell a person what to do. Pure.
 */
export function faultText({ message, next }: Pick<Fault, 'message' | 'next'>): string {
  return next === undefined ? unmarked(message) : `${unmarked(message)}${NEXT}${unmarked(next)}`;
}

function unmarked(text: string): string {
  return text.replaceAll(NEXT, ', next: ');
}

/** Takes such a line apart again. Pure. */
export function faultOfText(text: string): Pick<Fault, 'message' | 'next'> {
  const cut = text.lastIndexOf(NEXT);
  return cut === -1
    ? { message: text }
    : { message: text.slice(0, cut), next: text.slice(cut + NEXT.length) };
}
