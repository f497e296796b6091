import type { Stats } from 'node:fs';
import { Stalled } from '../errors.ts';

/**
 * Refuses a file that somebody else than root or the user who runs anchord could write. `decides` finishes the sentence
 * "whoever writes it decides …". Throws `Stalled`.
 */
export function refuseWritableByOthers(file: string, stats: Stats, decides: string): void {
  const uid = process.getuid?.();
  if (stats.uid !== 0 && stats.uid !== uid) {
    throw new Stalled({
      reason: 'NotPermitted',
      message: `${file} belongs to user ${stats.uid}, who could write what they like into it, and it decides ${decides}`,
      next: `look at it, then: chown ${uid === 0 ? 'root' : String(uid)} ${file}`,
    });
  }
  if ((stats.mode & 0o022) === 0) return;
  throw new Stalled({
    reason: 'NotPermitted',
    message: `${file} can be written by others (mode ${(stats.mode & 0o777).toString(8)}), and whoever writes it decides ${decides}`,
    next: `chmod go-w ${file}`,
  });
}
