import { Transient } from '../errors.ts';
import type { BareRepository } from './bare-repository.ts';
import { gitWords } from './git-words.ts';
import { parseTreeLine, type TreeLine } from './tree-listing.ts';

/** What to list. */
export interface TreeRequest {
  readonly revision: string;
  /** Paths from the root of the tree, without a slash at the end. */
  readonly folders: readonly string[];
  /** After so many entries the listing ends: nested trees can describe billions of files. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/**
 * Everything below the given folders of a revision, with sizes from the objects' headers: no content is read.
 * A folder that is no folder is listed itself. Throws when the revision or one of its trees is missing or damaged.
 */
export async function listTree(
  repository: BareRepository,
  request: TreeRequest,
): Promise<readonly TreeLine[]> {
  const lines: TreeLine[] = [];
  const enough = new AbortController();
  const signals = request.signal === undefined ? [enough.signal] : [enough.signal, request.signal];
  const args = ['ls-tree', '-r', '-t', '-l', '--full-tree', request.revision, '--', ...request.folders];
  try {
    const result = await repository.run(args, {
      signal: AbortSignal.any(signals),
      onStdoutLine: (line) => {
        if (enough.signal.aborted) return;
        const entry = parseTreeLine(line);
        if (entry === undefined) enough.abort(new Error(`git ls-tree ${request.revision} printed ${line}`));
        else if (isWanted(entry, request.folders)) lines.push(entry);
        if (lines.length >= request.limit) enough.abort(new LimitReached());
      },
    });
    // It may have come to its end by itself in the same instant.
    enough.signal.throwIfAborted();
    if (result.end === 'timed-out') throw slow(repository);
    if (result.code !== 0) throw new Error(`git ls-tree ${request.revision} failed: ${gitWords(result)}`);
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
  }
  return lines;
}

class LimitReached extends Error {}

/** With -t git also lists the folders on the way to those that were asked for. */
function isWanted(entry: TreeLine, folders: readonly string[]): boolean {
  return folders.some(
    (folder) => entry.path.startsWith(`${folder}/`) || (entry.path === folder && entry.kind !== 'tree'),
  );
}

function slow(repository: BareRepository): Transient {
  return new Transient({
    reason: 'TimedOut',
    message: `git ls-tree in ${repository.dir} did not end in time`,
    next: 'check the disk of the state directory',
  });
}
