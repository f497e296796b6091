import { parseRcloneLog } from '../commands/rclone-log.ts';
import { parseSize, sizeArgs, type TreeSize } from '../commands/rclone-mirror.ts';
import { callRclone, type MirrorCallResult, type MirrorRun } from './mirror-calls.ts';

/** What the source holds. */
export interface MeasuredSource {
  readonly size: TreeSize;
  /** Symbolic links, which are never followed. */
  readonly links: number;
  /** Sockets, pipes and devices. */
  readonly special: number;
  /** Names that are not UTF-8: they have another name at the destination. */
  readonly strangeNames: number;
  /** Paths that could not be read; then the size is not that of all. */
  readonly unreadable: readonly string[];
}

/** The measure of a source, or how rclone failed to take it. */
export type MeasureResult =
  | { readonly kind: 'measured'; readonly measured: MeasuredSource }
  | { readonly kind: 'failed'; readonly result: MirrorCallResult };

/** Counts what the source holds, through the same rules as the mirror. */
export async function measureSource(run: MirrorRun): Promise<MeasureResult> {
  const count = { links: 0, special: 0, strangeNames: 0 };
  const unreadable: string[] = [];
  const result = await callRclone(run, {
    args: sizeArgs(run.ends.request),
    phase: 'looking at the source',
    onLogLine(line) {
      const entry = parseRcloneLog(line);
      if (entry.kind !== 'message') return;
      const { message, level, object } = entry;
      // The words of rclone's local backend, 1.60 to 1.75.
      if (message.startsWith("Can't follow symlink")) count.links++;
      else if (message.startsWith("Can't transfer non file")) count.special++;
      else if (message.startsWith('Replacing invalid UTF-8')) count.strangeNames++;
      else if (level === 'error' && object !== undefined && object !== '') unreadable.push(object);
    },
  });
  const size = result.end === 'exited' ? parseSize(result.stdout) : undefined;
  if (size === undefined || (result.code !== 0 && unreadable.length === 0)) return { kind: 'failed', result };
  return { kind: 'measured', measured: { size, ...count, unreadable } };
}
