import { sectionTexts } from './render-config.ts';

/** A text of anchord's configuration without the sections of these shares. Pure. */
export function withoutSections(text: string, names: ReadonlySet<string>): string {
  const kept: string[] = [];
  let isLeftOut = false;
  for (const line of text.split(/(?<=\n)/)) {
    const name = /^\[([^\]]*)\]$/.exec(line.trimEnd())?.[1];
    if (name !== undefined) isLeftOut = names.has(name);
    if (!isLeftOut) kept.push(line);
  }
  return kept.join('');
}

/**
 * A text in which these shares have the sections of another text: what was good before stands in for what cannot be used
 * now. A share that the other text does not have is left out. Pure.
 */
export function withSectionsOf(text: string, other: string, names: ReadonlySet<string>): string {
  const old = sectionTexts(other);
  const back = [...names].flatMap((name) => old.get(name) ?? []);
  const rest = withoutSections(text, names).trimEnd();
  return `${[rest, ...back.map((section) => section.trimEnd())].join('\n\n')}\n`;
}
