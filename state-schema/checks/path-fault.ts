import { quote } from '../quote.ts';

// Linux knows 4096 bytes and any depth; no tree of people's files comes near these, and every check walks up a path.
const LONGEST_PATH_BYTES = 1024;
const LONGEST_PART_BYTES = 255;
const DEEPEST = 32;

/** Says what is wrong with an absolute path of the host, or nothing when it is clean. */
export function pathFault(path: string): string | undefined {
  if (!path.startsWith('/')) return 'it must begin with /';
  if (path === '/') return 'the root of the host is not anchord’s business';
  if (/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(path)) {
    return 'it holds a line end, a control character or a mark of writing direction';
  }
  if (path.endsWith('/')) return `it must not end in /; write ${quote(path.replace(/\/+$/, ''))}`;
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return `it is longer than ${LONGEST_PATH_BYTES} bytes`;
  const parts = path.slice(1).split('/');
  if (parts.length > DEEPEST) return `it is more than ${DEEPEST} directories deep`;
  return parts.map(partFault).find((fault) => fault !== undefined);
}

function partFault(part: string): string | undefined {
  if (part === '') return 'it holds // where one / is enough';
  if (part === '.' || part === '..') return `it holds ${part}; write where it leads instead`;
  if (part.startsWith('.anchord-')) return 'names that begin with .anchord- are anchord’s own';
  return Buffer.byteLength(part) > LONGEST_PART_BYTES
    ? `a name in it is longer than ${LONGEST_PART_BYTES} bytes`
    : undefined;
}
