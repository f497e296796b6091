const LONGEST_QUOTE = 80;

/**
 * A text from the repo as a message shows it: in quotes, shortened, and with nothing in it that a terminal obeys or
 * that turns the direction of writing.
 */
export function quote(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `"${escapeControls(short.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;
}

/** The same text with control characters, line ends and marks of writing direction spelt out as `\n` or `\u202e`. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, spell);
}

function spell(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
