const BEGIN = '# >>> anchord';
const END = '# <<< anchord';
const GLOBAL = /^\s*\[global\]\s*$/;
const INCLUDE = /^\s*include\s*=\s*\S*anchord\S*\s*$/;

/** The host's own smb.conf with exactly one block at its end, or why a person has to look at it. */
export type BlockResult =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string; readonly next: string };

/**
 * Puts the block that includes anchord's file at the end of the host's own smb.conf, and leaves every other byte as it
 * was. It re-opens `[global]`, because an include counts as if it stood there: inside the last share it would be that
 * share's. Pure; texts are bytes as latin1.
 */
export function withBlock(text: string, include: string): BlockResult {
  const user = withoutBlock(text);
  if (user.kind === 'refused') return user;
  const block = `${BEGIN}\n[global]\n   include = ${include}\n${END}\n`;
  // After a line that ends in a backslash the next one would be a part of it.
  const end = user.text === '' || user.text.endsWith('\n') ? '' : '\n';
  const gap = /\\\r?\n?$/.test(user.text) ? '\n' : '';
  return { kind: 'text', text: `${user.text}${end}${gap}${block}` };
}

/** The host's own smb.conf without anything of anchord's. Half blocks go, too; a stranger's line never does. Pure. */
export function withoutBlock(text: string): BlockResult {
  const lines = text.split(/(?<=\n)/);
  const kept: string[] = [];
  let isAfterBlock = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = trimmed(lines[at]);
    if (line === BEGIN) {
      at = lastOfBlock(lines, at);
      isAfterBlock = true;
      continue;
    }
    if (line === END) continue;
    if (isAfterBlock && isParameter(line)) return afterBlock(line);
    if (line.startsWith('[')) isAfterBlock = false;
    kept.push(lines[at] ?? '');
  }
  return { kind: 'text', text: kept.join('') };
}

/** The index of the last line that is anchord's, from a first marker on. */
function lastOfBlock(lines: readonly string[], begin: number): number {
  let last = begin;
  for (const own of [GLOBAL, INCLUDE]) if (own.test(trimmed(lines[last + 1]))) last += 1;
  return trimmed(lines[last + 1]) === END ? last + 1 : last;
}

/** A line that is neither blank, nor a comment, nor the head of a section. */
function isParameter(line: string): boolean {
  return /^[^\s#;[]/.test(line.trim());
}

function afterBlock(line: string): BlockResult {
  return {
    kind: 'refused',
    message: `smb.conf has the line ${JSON.stringify(line.trim().slice(0, 80))} in or right after anchord's block, where it belongs to no section of its own`,
    next: 'move it up, under the section that it is meant for',
  };
}

function trimmed(line: string | undefined): string {
  return (line ?? '').trimEnd();
}
