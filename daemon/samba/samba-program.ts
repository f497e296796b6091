import { run, type RunResult } from '../process/run.ts';
import type { SambaPlace } from './samba-place.ts';

const TIMEOUT_MS = 60_000;

/** Runs one of Samba's programs to its end, with an environment in which it prints the same everywhere. */
export function runSamba(
  program: 'testparm' | 'smbd' | 'smbcontrol' | 'smbclient',
  args: readonly string[],
  place: Pick<SambaPlace, 'path'>,
): Promise<RunResult> {
  return run({
    program,
    args,
    env: { PATH: place.path, LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
    cwd: '/',
    timeoutMs: TIMEOUT_MS,
  });
}
