import { run } from '../process/run.ts';

const TIMEOUT_MS = 5_000;

/** Arguments that make timedatectl say whether the kernel's clock is disciplined, whoever does it. Pure. */
export function synchronisedArgs(): readonly string[] {
  return ['show', '--property=NTPSynchronized', '--value'];
}

/** `yes` or `no`; undefined for all else, for example where systemd does not run. Pure. */
export function parseSynchronised(stdout: string): boolean | undefined {
  const text = stdout.trim();
  return text === 'yes' ? true : text === 'no' ? false : undefined;
}

/** Whether this machine's clock is kept in step with a time server; undefined where that cannot be told. */
export async function isSynchronised(path: string): Promise<boolean | undefined> {
  const result = await run({
    program: 'timedatectl',
    args: synchronisedArgs(),
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: TIMEOUT_MS,
  });
  return result.end === 'exited' && result.code === 0 ? parseSynchronised(result.stdout) : undefined;
}
