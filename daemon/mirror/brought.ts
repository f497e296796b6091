import { parseRcloneLog } from '../commands/rclone-log.ts';

/** Fatal, in rclone's words: here most often that deletions were kept back, as they were meant to be. */
const FATAL = 7;
/** Errors of single files: of another kind, or one that trying again does not help. */
const OF_FILES = [1, 6];
/** Words that only follow from kept-back deletions, or tell of no error. */
const KEPT_BACK =
  /--max-delete|^failed to delete \d|^not deleting|^Cancelling sync due to fatal error: failed to delete|^Fatal error received|^Attempt \d|^Ignoring --track-renames|^Can't retry|^Can't transfer|^Can't follow/;

/** Something that rclone could not do. */
export interface MirrorError {
  /** What it is about, where rclone says so. */
  readonly path?: string | undefined;
  readonly message: string;
}

/** What came of bringing files to the destination. `partial`: all but some, which are named. */
export type Brought =
  | { readonly kind: 'whole' }
  | { readonly kind: 'partial'; readonly errors: readonly MirrorError[] }
  | { readonly kind: 'failed' };

/** Reads the errors out of rclone's log, line by line. */
export function errorReader(): { take(line: string): void; readonly errors: readonly MirrorError[] } {
  const errors: MirrorError[] = [];
  return {
    errors,
    take(line) {
      const entry = parseRcloneLog(line);
      if (entry.kind !== 'message' || entry.level !== 'error' || KEPT_BACK.test(entry.message)) return;
      const { message, object = '' } = entry;
      errors.push({ message, ...(object === '' ? {} : { path: object }) });
    },
  };
}

/**
 * Judges by exit status and errors how much was brought. `isRemotes`: whether words speak of trouble with the remote, as a
 * full one; then all of it failed, and no file is to blame. Pure.
 */
export function judgeBrought(
  code: number | null,
  errors: readonly MirrorError[],
  isRemotes: (message: string) => boolean,
): Brought {
  if (code === 0) return { kind: 'whole' };
  if (code === FATAL && errors.length === 0) return { kind: 'whole' };
  if (errors.some(({ message }) => isRemotes(message))) return { kind: 'failed' };
  const ofFiles = errors.filter(({ path }) => path !== undefined);
  return code !== null && OF_FILES.includes(code) && ofFiles.length > 0
    ? { kind: 'partial', errors: ofFiles }
    : { kind: 'failed' };
}
