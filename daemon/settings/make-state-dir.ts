import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Stalled } from '../errors.ts';
import { shellWord } from '../shell-word.ts';

const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Makes the state directory, or checks the one that is there: nobody else may enter it, for it holds the socket that
 * commands are taken from. `strict`, in service: nobody else may replace it either, so every folder above it must
 * belong to root or to the user that runs anchord. Throws `Stalled`.
 */
export async function makeStateDir(dir: string, { strict }: { readonly strict: boolean }): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await checkOwn(dir);
    if (strict) await checkAbove(await realpath(dir));
  } catch (error) {
    if (error instanceof Stalled) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Stalled(
      {
        reason: 'NotPermitted',
        message: `the state directory ${dir} cannot be made or read (${code})`,
        next: 'run as root, or name another stateDir in the host settings',
      },
      { cause: error },
    );
  }
}

async function checkOwn(dir: string): Promise<void> {
  const stats = await stat(dir);
  if (stats.uid !== process.getuid?.()) {
    throw new Stalled({
      reason: 'NotPermitted',
      message: `the state directory ${dir} belongs to user ${stats.uid}, not to the user that runs anchord`,
      next: `run anchord as that user, or use another stateDir`,
    });
  }
  if ((stats.mode & 0o077) !== 0) {
    throw new Stalled({
      reason: 'NotPermitted',
      message: `others can enter the state directory ${dir} (mode ${(stats.mode & 0o777).toString(8)})`,
      next: `chmod 0700 ${shellWord(dir)}`,
    });
  }
}

/** Whoever may rename a folder above can put another state directory in its place. The sticky bit forbids that. */
async function checkAbove(dir: string): Promise<void> {
  for (let above = dirname(dir); ; above = dirname(above)) {
    const { uid, mode } = await lstat(above);
    if (uid !== 0 && uid !== process.getuid?.()) {
      throw new Stalled({
        reason: 'NotPermitted',
        message: `${above}, in which the state directory ${dir} lies, belongs to user ${uid}, who can put another one in its place`,
        next: 'name a stateDir whose folders all belong to root, like /var/lib/anchord',
      });
    }
    if ((mode & OTHERS_MAY_WRITE) !== 0 && (mode & STICKY) === 0) {
      throw new Stalled({
        reason: 'NotPermitted',
        message: `others can write to ${above}, in which the state directory ${dir} lies (mode ${(mode & 0o7777).toString(8)})`,
        next: `chmod go-w ${shellWord(above)}, or name another stateDir`,
      });
    }
    if (above === dirname(above)) return;
  }
}
