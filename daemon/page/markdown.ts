import { visibleText } from './visible-text.ts';

/** Inside a word an underscore emphasises nothing, and most names have theirs there. */
const UNDERSCORE_BESIDE_WORD = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** `https://…` and `:smile:`, but not the colons of a time. */
const COLON_OF_LINK_OR_EMOJI = /:(?=\/\/|[\w+-]*[a-z+-][\w+-]*:|100:|1234:)/giu;

/** Text from outside as Markdown that renders as exactly that text: no link, emphasis, HTML, mention or emoji. */
export function prose(text: string): string {
  return visibleText(text)
    .replaceAll(/[\\`*{}[\]#|~@$]/gu, String.raw`\$&`)
    .replaceAll(UNDERSCORE_BESIDE_WORD, String.raw`\$&`)
    .replaceAll(COLON_OF_LINK_OR_EMOJI, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(www)\./giu, String.raw`$1\.`)
    .trim()
    .replace(/^(?:[-+=]|\d+(?=[.)]))/u, startOfLine);
}

/** At the start of a line these would begin a list or underline a heading. */
function startOfLine(found: string): string {
  return /\d/u.test(found) ? `${found}\\` : `\\${found}`;
}

/** A name, path or command from outside as inline code, for use inside or outside a table. */
export function code(text: string): string {
  const shown = visibleText(text);
  if (shown.includes('|')) return prose(text); // Only inside tables would `\|` be a pipe, and there it must be.
  const longest = Math.max(0, ...[...shown.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A table; cells are Markdown already. Without rows there is no table, only nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
