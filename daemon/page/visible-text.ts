/**
 * The text with every character shown that could hide, reorder or break what stands around it: control characters,
 * direction marks, zero-width characters, line separators, halves of surrogate pairs. A line feed becomes
 * `⟨U+000A⟩`. The page does the same in dashboard/assets/visible-text.js.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, shown);
}

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
