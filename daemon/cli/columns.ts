import { visibleText } from '../page/visible-text.ts';

/** Rows as lines whose cells stand under one another; the last cell is as long as it is. Pure. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const safe = rows.map((row) => row.map(visibleText));
  const widths = (safe[0] ?? []).map((_, index) => Math.max(...safe.map((row) => row[index]?.length ?? 0)));
  return safe.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
