/**
 * The text with every character shown that could hide, reorder or break what stands around it: a right-to-left
 * override becomes `⟨U+202E⟩`. daemon/page/visible-text.ts does the same for README.md.
 * @param {string} text
 */
function visibleText(text) {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, shownCharacter);
}

/**
 * The same data with every string and key made visible, so that no binding can forget to.
 * @template Data
 * @param {Data} data
 * @returns {Data}
 */
function visibleData(data) {
  return JSON.parse(JSON.stringify(data), visibleValue);
}

/** @param {string} character */
function shownCharacter(character) {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function visibleValue(_key, value) {
  if (typeof value === 'string') return visibleText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visibleText(key), item]));
}
