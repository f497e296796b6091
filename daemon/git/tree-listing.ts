import { isUtf8 } from 'node:buffer';

/** The longest path that any system takes. git itself lets a name in a tree be as long as memory is. Characters. */
const LONGEST_PATH = 4096;

/** One line of `git ls-tree -l`: an entry of a tree, with the size of a file. */
export interface TreeLine {
  readonly mode: string;
  readonly kind: 'blob' | 'tree' | 'commit';
  readonly oid: string;
  /** Bytes; 0 for what is no blob. */
  readonly size: number;
  readonly path: string;
}

/**
 * Reads one line of `git ls-tree -r -t -l`, written without `-z` so that git quotes what is unusual in a name: newlines
 * stay within their line, and bytes that are no UTF-8 survive a pipe that is read as text. Undefined when it is
 * no such line, as git says `BAD` for the size of a damaged object.
 */
export function parseTreeLine(line: string): TreeLine | undefined {
  const match = /^(\d{6}) (blob|tree|commit) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)$/.exec(line);
  if (match === null) return undefined;
  const [, mode = '', kind, oid = '', size = '-', name = ''] = match;
  return {
    mode,
    kind: kind === 'tree' || kind === 'commit' ? kind : 'blob',
    oid,
    size: size === '-' ? 0 : Number(size),
    path: pathOf(name),
  };
}

/** A longer one is cut, and gets a mark that no state file has in its name: it is refused, and costs little until then. */
function pathOf(name: string): string {
  if (name.length <= LONGEST_PATH) return unquote(name);
  const start = name.slice(0, LONGEST_PATH);
  return `${unquote(start.startsWith('"') ? `${start}"` : start)}…`;
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** Undoes git's quoting of names (core.quotePath in git-config(1)). A name that is not UTF-8 stays as git quoted it. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  for (const [token] of name.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]/gu)) {
    if (/^\\[0-7]{3}$/.test(token)) bytes.push(Number.parseInt(token.slice(1), 8));
    else if (token.startsWith('\\')) bytes.push(ESCAPES[token.slice(1)] ?? 0);
    else bytes.push(...Buffer.from(token));
  }
  const text = Buffer.from(bytes);
  return isUtf8(text) ? text.toString('utf8') : name.slice(1, -1);
}
