import { anchord } from './anchord-command.ts';

/** The commands that `anchord [PARENT] --help` lists. */
export function commandList(...parents: readonly string[]): readonly string[] {
  const { stdout } = anchord([...parents, '--help']);
  const listed = /^Commands:\n([\s\S]+?)\n\n/m.exec(stdout)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name ?? '');
  return names.filter((name) => name !== 'help');
}
