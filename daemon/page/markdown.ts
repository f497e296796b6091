import { visibleText } from './visible-text.ts';

/** Text from outside as Markdown that renders as exactly that text: no link, emphasis, HTML, mention or emoji. */
export function prose(text: string): string {
  return visibleText(text)
    .replaceAll(/[\\`*_{}[\]()#+!|~@:$^="']/gu, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(www)\./giu, String.raw`$1\.`)
    .trim();
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
