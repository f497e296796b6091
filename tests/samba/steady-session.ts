import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PEOPLE, until, type SambaRig } from './samba-rig.ts';

/** One session of one user, open all the time: what a person has who works in a share. */
export class SteadySession implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #share: string;
  #said = '';
  #asked = 0;

  private constructor(share: string, child: ChildProcess) {
    this.#share = share;
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
  }

  /** Signs in, and reads once. */
  static open(rig: SambaRig, share: string): Promise<SteadySession> {
    return SteadySession.through([], share, rig.login(PEOPLE.reader, share));
  }

  /** Signs in with this login from wherever a command leads, and reads once. */
  static async through(
    command: readonly string[],
    share: string,
    login: readonly string[],
  ): Promise<SteadySession> {
    // Into a pipe it would keep what it says until it ends.
    const [program = '', ...args] = [...command, 'stdbuf', '--output=0', 'smbclient', ...login];
    const child = spawn(program, args, { stdio: 'pipe' });
    const session = new SteadySession(share, child);
    if (!(await session.reads())) throw new Error(`no session of ${share}: ${session.#said}`);
    return session;
  }

  /** Whether the session still reads the file `hello` of its share. It never signs in again. */
  async reads(): Promise<boolean> {
    this.#asked += 1;
    this.#child.stdin?.write('get hello -\n');
    await until(
      () => this.#answers() + this.#failures() >= this.#asked || this.hasEnded,
      'the session answers',
    );
    return this.#failures() === 0 && !this.hasEnded;
  }

  /** Whether the server ended it. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.hasEnded) return;
    this.#child.stdin?.end();
    this.#child.kill();
    await once(this.#child, 'exit');
  }

  #answers(): number {
    return this.#said.split(`hello from ${this.#share}`).length - 1;
  }

  #failures(): number {
    return this.#said.split('NT_STATUS_').length - 1;
  }
}
