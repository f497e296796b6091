/** `restic init`: makes a repository. Its output differs by version; restic-config.ts says what id it got. Pure. */
export function initArgs(): readonly string[] {
  return ['init', '--quiet'];
}
