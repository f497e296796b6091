import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RESTIC_DIR } from './policy-rig.ts';

/** Where scripts/fetch-restic.mjs puts it. */
const FETCHED = fileURLToPath(new URL('../../../node_modules/.cache/restic-newer/usr/bin', import.meta.url));

/** The folder of a restic of 0.17 or later, which tells causes apart by exit code; undefined where none can be had. */
export const NEWER_RESTIC: string | undefined = isNewer(RESTIC_DIR)
  ? RESTIC_DIR
  : isNewer(FETCHED)
    ? FETCHED
    : undefined;

/** Why tests on it are skipped; false when they are not. */
export const WITHOUT_NEWER: string | false =
  NEWER_RESTIC === undefined ? 'no restic of 0.17 or later here: npm test fetches it on Debian' : false;

function isNewer(folder: string): boolean {
  if (!existsSync(`${folder}/restic`)) return false;
  const words = execFileSync(`${folder}/restic`, ['version'], { encoding: 'utf8' });
  return !/^restic 0\.(\d|1[0-6])\./.test(words);
}
