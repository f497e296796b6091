/** `restic list packs`, without a lock: the ids of all packs of a repository. Pure. */
export function packsArgs(): readonly string[] {
  return ['list', 'packs', '--no-lock', '--quiet'];
}

/** Reads one line of its output: 64 hex digits, or undefined. Pure. */
export function parsePackLine(line: string): string | undefined {
  return /^[0-9a-f]{64}$/.exec(line.trim())?.[0];
}

/**
 * The part of a repository that restic counts a pack to when it reads part `n` of `parts`: by the first byte of its id, so
 * that it stays the same when packs come and go. The first part is 1. Pure.
 */
export function partOfPack(pack: string, parts: number): number {
  return (Number.parseInt(pack.slice(0, 2), 16) % parts) + 1;
}
