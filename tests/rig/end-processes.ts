import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends every process that was started for a folder of a test: one that has it in its arguments or its environment. What a
 * killed daemon leaves behind, a restic or a git in the middle of its work, would go on writing to it.
 */
export function endProcessesOf(folder: string): void {
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 1) || pid === process.pid || !isOf(pid, folder)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function isOf(pid: number, folder: string): boolean {
  return ['cmdline', 'environ'].some((file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder);
    } catch {
      return false; // it ended meanwhile, or is somebody else's
    }
  });
}
