/** Never mirrored, at any depth: what anchord and Samba keep for themselves. */
const ALWAYS_EXCLUDED = ['.recycle', '.anchord-*'];

/** What of a tree is mirrored. All paths as the state repo names them. */
export interface MirrorScope {
  readonly source: string;
  /** Patterns of the policy, in its order: of those that fit, the last decides, and one beginning with `!` takes back. */
  readonly exclude: readonly string[];
  /** Trees that are never mirrored: local repositories. */
  readonly repositories: readonly string[];
}

/**
 * Rules of rclone, where the first that fits decides: anchord's own come first, so nothing in the state repo takes them
 * back. A pattern means the same as in a backup: a name at any depth, or from `/` on a path of the host; a directory
 * stands for all that is in it. Pure.
 */
export function mirrorRules({ source, exclude, repositories }: MirrorScope): readonly string[] {
  const own = [
    ...ALWAYS_EXCLUDED,
    ...repositories.flatMap((path) => {
      const below = pathBelow(source, path);
      return below === undefined ? [] : [`/${literal(below)}`];
    }),
  ];
  return [
    ...own.flatMap((pattern) => rulesOf('-', pattern)),
    ...exclude.toReversed().flatMap((pattern) => rulesOfPattern(source, pattern)),
  ];
}

/** The same for a person: what is never mirrored, as it was written. Pure. */
export function excludedWords({ source, exclude, repositories }: MirrorScope): readonly string[] {
  const below = repositories.filter((path) => pathBelow(source, path) !== undefined);
  return [...exclude, ...ALWAYS_EXCLUDED, ...below];
}

function rulesOfPattern(source: string, pattern: string): readonly string[] {
  const takesBack = pattern.startsWith('!');
  const bare = (takesBack ? pattern.slice(1) : pattern).replace(/\/+$/, '');
  const translated = bare.startsWith('/') ? anchored(source, bare) : translate(bare);
  return translated === undefined || translated === '' ? [] : rulesOf(takesBack ? '+' : '-', translated);
}

/** A name, and everything below it: rclone tells a directory from its content. */
function rulesOf(sign: '+' | '-', pattern: string): readonly string[] {
  return [`${sign} ${pattern}`, `${sign} ${pattern}/**`];
}

/** A pattern of a host path, seen from the source; undefined when it means nothing in there. */
function anchored(source: string, pattern: string): string | undefined {
  const rest = pattern.split('/').slice(1);
  for (const name of source.split('/').filter((part) => part !== '')) {
    const [first] = rest;
    // It means the source itself or a directory above it.
    if (first === undefined) return '/**';
    if (first === '**') return translate(rest.join('/'));
    if (!isFitting(first, name)) return undefined;
    rest.shift();
  }
  return rest.length === 0 ? '/**' : `/${translate(rest.join('/'))}`;
}

function isFitting(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^${expression(pattern)}$`).test(name);
  } catch {
    return pattern === name;
  }
}

function expression(pattern: string): string {
  return tokens(pattern)
    .map((token) => {
      if (token.kind === 'class') return token.text;
      if (token.kind === 'stars') return '[^/]*';
      return token.kind === 'any' ? '[^/]' : token.text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
}

/**
 * The same pattern for rclone, which also knows braces, {{expressions}} and refuses a class that is not closed or a last
 * backslash: those become the characters that they are. Two stars between slashes also stand for no directory at all,
 * which rclone does not think.
 */
function translate(pattern: string): string {
  return tokens(pattern.replace(/^(?:\*\*\/)+/, ''))
    .map((token) => (token.kind === 'text' ? literal(token.text) : token.text))
    .join('')
    .replaceAll('/**/', '{/,/**/}');
}

interface Token {
  readonly kind: 'stars' | 'any' | 'class' | 'text';
  readonly text: string;
}

function tokens(pattern: string): readonly Token[] {
  const found = pattern.matchAll(/\*+|\?|\[[^\]/]+\]|\\.|[^]/gu);
  return Array.from(found, ([text]): Token => {
    // Three stars are an error of rclone's.
    if (text.startsWith('*')) return { kind: 'stars', text: text.slice(0, 2) };
    if (text === '?') return { kind: 'any', text };
    if (text.length > 1 && text.startsWith('[')) return { kind: 'class', text };
    return { kind: 'text', text: text.length === 2 && text.startsWith('\\') ? text.slice(1) : text };
  });
}

/** Text that means exactly itself in a pattern of rclone. */
function literal(text: string): string {
  return text.replaceAll(/[\\*?[\]{}]/g, '\\$&');
}

function pathBelow(source: string, path: string): string | undefined {
  const above = source === '/' ? '/' : `${source}/`;
  return path.startsWith(above) ? path.slice(above.length) : undefined;
}
