import type { Parameter, SmbConfig } from './smb-config.ts';

const HEAD =
  '# Written by anchord from its state repo. What is changed here is put back; to end it, remove the block\n# between ">>> anchord" and "<<< anchord" from smb.conf while anchord does not run.\n';

/**
 * The text of anchord's configuration file. Values must have passed `unsafeParameter`: here nothing is escaped, because
 * smb.conf knows no escapes. Never a comment behind a value, which Samba would take for a part of it. Pure.
 */
export function renderConfig({ globals, shares }: SmbConfig): string {
  const sections = [renderSection('global', globals)];
  for (const { name, parameters } of shares) sections.push(renderSection(name, parameters));
  return `${HEAD}${sections.join('\n')}`;
}

/** The text of one section. Pure. */
export function renderSection(name: string, parameters: readonly Parameter[]): string {
  return `[${name}]\n${parameters.map(([key, value]) => `\t${key} = ${value}`.trimEnd()).join('\n')}\n`;
}

/** Takes such a text apart again: the text of each section by its name. Of a text that a person wrote, too. Pure. */
export function sectionTexts(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) name = header;
    if (name === undefined || line === '') continue;
    sections.set(name, `${sections.get(name) ?? ''}${line}\n`);
  }
  return sections;
}

/** The value of a parameter in the text of a section; undefined when it is not there. Pure. */
export function valueIn(section: string, name: string): string | undefined {
  const line = section.split('\n').find((one) => one.startsWith(`\t${name} =`));
  return line?.slice(name.length + 3).trim();
}
