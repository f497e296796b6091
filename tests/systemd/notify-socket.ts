import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_MS } from '../rig/patience.ts';

// Node has no unix datagram sockets. One line for each datagram.
const LISTENER = `
  use strict; use Socket; $| = 1;
  socket(my $in, AF_UNIX, SOCK_DGRAM, 0) or die $!;
  bind($in, pack_sockaddr_un($ARGV[0])) or die $!;
  print "LISTENING\\n";
  while (defined recv($in, my $text, 65536, 0)) { $text =~ s/\\n/ | /g; print "$text\\n"; }
`;

/** A service manager's end of NOTIFY_SOCKET. */
export class NotifySocket implements AsyncDisposable {
  /** What was said so far, each message in one line. */
  readonly heard: string[] = [];
  readonly path: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'anchord-notify-'));
    this.path = join(this.#folder, 'notify');
    this.#child = spawn('perl', ['-e', LISTENER, this.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        // How systemd-notify waits until it was heard.
        if (line === 'BARRIER=1') return;
        this.heard.push(line);
        for (const watcher of this.#watchers) watcher();
      });
  }

  static async open(): Promise<NotifySocket> {
    const socket = new NotifySocket();
    await socket.hears(/^LISTENING$/);
    socket.heard.length = 0;
    return socket;
  }

  /** Waits until so many messages fit, counted from message number `from` on. */
  async hears(pattern: RegExp, times = 1, from = 0): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (this.heard.slice(from).filter((line) => pattern.test(line)).length < times) {
      if (deadline.aborted) throw new Error(`${pattern} was not heard, but: ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#watchers.delete(done);
          resolve();
        };
        this.#watchers.add(done);
        deadline.addEventListener('abort', done, { once: true });
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
