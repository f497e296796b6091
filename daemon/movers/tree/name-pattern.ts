import { rawName, type RawName } from './raw-name.ts';

/**
 * Whether a path matches a pattern of the state repo: `*` stands for any part of one name, `?` for one byte, `**` as a
 * name for any number of names. A pattern that begins with `/` is a host path; any other is held against the end of the
 * path. Takes time in proportion to both lengths, whatever the pattern. Pure.
 */
export function matchesPattern(path: readonly RawName[], pattern: string): boolean {
  const parts = rawName(pattern)
    .split('/')
    .filter((part) => part !== '');
  const wanted = pattern.startsWith('/') ? parts : ['**', ...parts];
  return parts.length > 0 && sequenceMatches(path, wanted, { wild: '**', fits: nameMatches });
}

function nameMatches(name: RawName, pattern: RawName): boolean {
  return sequenceMatches(name.split(''), pattern.split(''), { wild: '*', fits: byteMatches });
}

function byteMatches(byte: string, pattern: string): boolean {
  return pattern === '?' || byte === pattern;
}

interface Fitting {
  /** Stands for any number of items. */
  readonly wild: string;
  readonly fits: (item: string, pattern: string) => boolean;
}

/** Greedy with one step back: a wild card takes as little as it can, and more only when what follows does not fit. */
function sequenceMatches(
  items: readonly string[],
  pattern: readonly string[],
  { wild, fits }: Fitting,
): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let retry = 0;
  while (at < items.length) {
    const part = pattern[next];
    if (part === wild) {
      star = next++;
      retry = at;
    } else if (part !== undefined && fits(items[at] ?? '', part)) {
      at++;
      next++;
    } else if (star === -1) return false;
    else {
      next = star + 1;
      at = ++retry;
    }
  }
  return pattern.slice(next).every((part) => part === wild);
}
