import { spawnSync } from 'node:child_process';
import { MAIN } from './main-file.ts';
import { PATIENCE_MS } from './patience.ts';

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one `anchord` command to its end. */
export function anchord(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): CommandResult {
  const result = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    timeout: PATIENCE_MS,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}
