import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A store that rclone serves from a folder, on loopback. */
export interface RcloneServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts `rclone serve` for a folder, with one user, and waits until it listens. */
export async function rcloneServer(
  protocol: 'webdav' | 'restic',
  folder: string,
  signIn: { readonly user: string; readonly password: string },
): Promise<RcloneServer> {
  const { user, password } = signIn;
  const args = ['serve', protocol, '--addr', '127.0.0.1:0', '--user', user, '--pass', password, folder];
  const child = spawn('rclone', args, {
    env: { PATH: process.env['PATH'], HOME: folder, RCLONE_CONFIG: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const port = await portOf(child);
    return { port, [Symbol.asyncDispose]: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr ?? process.stdin })) {
    lines.push(line);
    const port = / on \[?http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr?.resume();
      return Number(port);
    }
  }
  throw new Error(`rclone serves nothing: ${lines.join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
