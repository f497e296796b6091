import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedObject } from './mirror-plan.ts';

/** A file that names what rclone may delete. It is gone when it is disposed of. */
export interface RemovalList extends AsyncDisposable {
  readonly file: string;
  readonly count: number;
}

/**
 * Writes the list of what is deleted: what was planned and still is not in the source. Files that came back while others
 * were being sent, perhaps for hours, keep their objects.
 */
export async function writeRemovalList(
  planned: readonly PlannedObject[],
  where: { readonly source: string; readonly stateDir: string; readonly policy: string },
): Promise<RemovalList> {
  const folder = join(where.stateDir, 'mirrors');
  const file = join(folder, `${where.policy}.removals`);
  const gone: string[] = [];
  for (const { path } of planned)
    if (isOneLine(path) && (await isGone(join(where.source, path)))) gone.push(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, gone.map((path) => `${path}\n`).join(''), { mode: 0o600 });
  return { file, count: gone.length, [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** rclone has other signs for line ends in names; a name that has one all the same would be two lines. */
function isOneLine(path: string): boolean {
  return path !== '' && !/[\r\n]/.test(path);
}

/** Only what is known not to be there is gone. */
async function isGone(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}
