/**
 * A path or name as one word of a command that a person copies into a shell, in quotes where it needs them: it may come
 * from a push, and a directory can be called `$(reboot)`. Pure.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
