import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Debian's sshd on loopback, as whoever runs the test: a process for each connection (`sshd -i`), behind a port that the
 * kernel chose. It has its own host key and its own list of who may come in.
 */
export class SshGitServer implements AsyncDisposable {
  readonly #dir: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #log: string[] = [];
  #onStall: (() => void) | undefined;
  /** From now on the server says nothing more after so many bytes of its answers. */
  stallAfter: number | undefined;

  private constructor(dir: string) {
    this.#dir = dir;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Starts a server whose files are in `dir`. Nobody may come in yet. */
  static async start(dir: string): Promise<SshGitServer> {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const server = new SshGitServer(dir);
    makeKey(join(dir, 'host_key'));
    writeFileSync(join(dir, 'authorized_keys'), '');
    writeFileSync(join(dir, 'sshd_config'), configuration(dir));
    // Where sshd as root goes to lose its rights; Debian's service makes it at boot.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What sshd said so far. */
  get log(): string {
    return this.#log.join('');
  }

  url(repository: string): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}${repository}`;
  }

  /** A new key whose public half is let in, or not; returns the path of the private one. */
  deployKey(name: string, isLetIn = true): string {
    const path = join(this.#dir, name);
    makeKey(path);
    const list = join(this.#dir, 'authorized_keys');
    if (isLetIn) writeFileSync(list, readFileSync(`${path}.pub`), { flag: 'a' });
    return path;
  }

  /** Writes a list of known hosts with this server's present key; returns its path. */
  knownHosts(name = 'known_hosts'): string {
    const path = join(this.#dir, name);
    const [type, key] = readFileSync(join(this.#dir, 'host_key.pub'), 'utf8').split(' ');
    // In one step: a client may be reading it.
    writeFileSync(`${path}.new`, `[127.0.0.1]:${this.port} ${type} ${key}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return path;
  }

  /** Gives the server another host key, as a new installation does, or somebody in its place. Returns its fingerprint. */
  changeHostKey(): string {
    const key = join(this.#dir, 'host_key');
    makeKey(`${key}.new`);
    renameSync(`${key}.new.pub`, `${key}.pub`);
    // In one step: somebody may just be coming in.
    renameSync(`${key}.new`, key);
    const printed = execFileSync('ssh-keygen', ['-lf', join(this.#dir, 'host_key.pub')], {
      encoding: 'utf8',
    });
    return printed.split(' ')[1] ?? '';
  }

  /** Resolves when an answer has stalled. */
  stalled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStall = resolve;
    });
  }

  /** Ends all connections and takes no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const sshd = spawn('/usr/sbin/sshd', ['-i', '-e', '-f', join(this.#dir, 'sshd_config')], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    sshd.stderr.setEncoding('utf8').on('data', (text: string) => this.#log.push(text));
    let sent = 0;
    sshd.stdout.on('data', (bytes: Buffer) => {
      sent += bytes.length;
      if (this.stallAfter === undefined || sent <= this.stallAfter) socket.write(bytes);
      else this.#onStall?.();
    });
    sshd.stdout.once('end', () => socket.end());
    socket.pipe(sshd.stdin);
    // Either side may go first.
    sshd.stdin.on('error', () => {});
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#sockets.delete(socket);
      sshd.kill();
    });
  }
}

function makeKey(path: string): void {
  // ssh-keygen asks before it writes over a file.
  rmSync(path, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function configuration(dir: string): string {
  return `HostKey ${dir}/host_key
AuthorizedKeysFile ${dir}/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
AcceptEnv GIT_PROTOCOL
SetEnv GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
`;
}
