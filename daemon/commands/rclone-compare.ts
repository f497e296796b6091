/** One line of `rclone check --combined`. `other`: a file that could not be read, or the rest of a name with a line end. */
export interface ComparedLine {
  readonly kind: 'same' | 'missing' | 'different' | 'other';
  readonly path: string;
}

const KINDS: Readonly<Record<string, ComparedLine['kind']>> = {
  '=': 'same',
  '+': 'missing',
  '*': 'different',
};

/**
 * `rclone check`: for each file of a source, whether the destination has one of that size. Ends with 1 when any has not.
 * Reads no content. Pure.
 */
export function compareArgs(ends: {
  readonly source: string;
  readonly destination: string;
  readonly rules: readonly string[];
  readonly fastList: boolean;
}): readonly string[] {
  return [
    'check',
    '--one-way',
    '--size-only',
    '--combined=-',
    '--skip-links',
    ...(ends.fastList ? ['--fast-list'] : []),
    ...ends.rules.map((rule) => `--filter=${rule}`),
    ends.source,
    ends.destination,
  ];
}

/** Reads one line of its stdout. Pure. */
export function parseCompared(line: string): ComparedLine {
  const kind = line[1] === ' ' ? KINDS[line[0] ?? ''] : undefined;
  return { kind: kind ?? 'other', path: line.slice(2) };
}

/** `rclone copy` of exactly the files that a list names, one on each line, into a folder of this host. Pure. */
export function fetchArgs(request: {
  readonly from: string;
  readonly to: string;
  readonly list: string;
}): readonly string[] {
  const { from, to, list } = request;
  return ['copy', '--retries=1', '--no-traverse', '--transfers=4', `--files-from-raw=${list}`, from, to];
}

/** What of a remote is copied, and to where. */
export interface RestoreCopy {
  readonly from: string;
  readonly to: string;
  /** Only this file or directory: a path below `from`. */
  readonly only?: string | undefined;
}

/** `rclone copy` of a remote into a folder of this host. Pure. */
export function restoreCopyArgs({ from, to, only }: RestoreCopy): readonly string[] {
  return ['copy', '--retries=3', '--transfers=4', ...onlyArgs(only), from, to];
}

/** `rclone check` of that folder against the remote, by hash where the remote has one. Pure. */
export function verifyArgs({ from, to, only }: RestoreCopy): readonly string[] {
  return ['check', '--one-way', '--combined=-', ...onlyArgs(only), from, to];
}

/** As a rule for that entry, and for what is below it. */
function onlyArgs(only: string | undefined): readonly string[] {
  if (only === undefined) return [];
  const pattern = only.replaceAll(/[\\*?[\]{}]/g, '\\$&');
  return [`--filter=+ /${pattern}`, `--filter=+ /${pattern}/**`, '--filter=- *'];
}
