/** Name of the file at a source's top by which its owner leaves things out. */
export const EXCLUDE_FILE = '.backup-exclude';
/** A longer file is not obeyed at all: half of one would mean something else. Bytes. */
export const EXCLUDE_FILE_LIMIT: number = 64 * 1024;
/** Each pattern is held against each file. */
const PATTERNS = 200;
const LONGEST = 1024;

/** What such a file says. */
export interface ExcludeFile {
  /** Patterns of restic, in order. */
  readonly patterns: readonly string[];
  /** Lines that are not obeyed, each with its number and why. */
  readonly ignored: readonly string[];
}

/**
 * Reads a `.backup-exclude` of a source: the syntax of restic's --exclude-file, without its variables. One pattern a
 * line, `#` begins a comment, `!` takes back an earlier line. What could stop restic, keep it busy for ever or leave out
 * the source as a whole is not obeyed: an ordinary user wrote this. Pure.
 */
export function parseExcludeFile(text: string, source: string): ExcludeFile {
  const patterns: string[] = [];
  const ignored: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#')) continue;
    const why = patterns.length >= PATTERNS ? `only ${PATTERNS} patterns are obeyed` : fault(pattern, source);
    if (why === undefined) patterns.push(pattern);
    else ignored.push(`line ${index + 1}: ${why}`);
  }
  return { patterns, ignored };
}

function fault(line: string, source: string): string | undefined {
  const pattern = line.replace(/^!/, '');
  if (pattern.length > LONGEST) return `a pattern has at most ${LONGEST} characters`;
  if (/[\p{Cc}\u{FFFD}]/u.test(pattern)) return 'it holds a control character, or is not UTF-8';
  const isAbsolute = pattern.startsWith('/');
  const below = source === '/' ? '/' : `${source}/`;
  if (isAbsolute && !pattern.startsWith(below)) return `an absolute pattern begins with ${below}`;
  const names = pattern
    .slice(isAbsolute ? below.length : 0)
    .replace(/\/$/, '')
    .split('/');
  // restic would work them out, and `..` would then mean the source itself.
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    return 'a name in it is empty, . or ..';
  // Each costs restic another walk over the path, within the one before.
  if (names.filter((name) => name.includes('**')).length > 1) return '** may stand in it once';
  return names.every((name) => NAME.test(name))
    ? undefined
    : 'restic does not understand it: a [ without ], or a \\ at its end';
}

/** What Go's path.Match takes for one name; anything else ends restic with an error. */
const NAME = /^(?:[^\\[]|\\.|\[\^?(?:(?:[^\]\\-]|\\.)(?:-(?:[^\]\\-]|\\.))?)+\])+$/u;
