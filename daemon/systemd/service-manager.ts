import type { Emit } from '../events.ts';
import { run } from '../process/run.ts';
import type { ServiceEnvironment } from './service-environment.ts';

/** How long telling may take; the manager answers at once. Milliseconds. */
const PATIENCE_MS = 10_000;
/** More than anybody reads in one line. Characters. */
const STATUS_LIMIT = 300;

/** What telling the service manager needs. */
export interface ServiceManagerParts {
  /** Undefined: nobody wants to hear, and nothing is said. */
  readonly service: ServiceEnvironment | undefined;
  /** PATH on which systemd-notify is found. */
  readonly path: string;
  /** What the daemon is stuck in; undefined while it makes progress. */
  readonly stuck: () => string | undefined;
  readonly emit: Emit;
}

/**
 * Tells systemd that the daemon is ready, how it is, that it makes progress, and that it ends. Node has no unix datagram
 * sockets, so systemd-notify(1) speaks for it; the unit has `NotifyAccess=all` for that.
 */
export class ServiceManager implements AsyncDisposable {
  readonly #parts: ServiceManagerParts;
  #said: Promise<void> = Promise.resolve();
  #sentence = '';
  #timer: NodeJS.Timeout | undefined;
  #isMute = false;
  #toldStuck = false;

  constructor(parts: ServiceManagerParts) {
    this.#parts = parts;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#parts.service !== undefined;
  }

  /** The first round has ended: whoever waits for this service may go on. From now on the watchdog is fed. */
  ready(): Promise<void> {
    const watchdogMs = this.#parts.service?.watchdogMs;
    if (watchdogMs !== undefined) this.#timer ??= setInterval(() => this.#feed(), watchdogMs / 2);
    return this.#say('READY=1', ...(watchdogMs === undefined ? [] : ['WATCHDOG=1']));
  }

  /** Says in one line how the host is. The same line is not said twice. */
  async status(sentence: string): Promise<void> {
    const line = sentence.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, STATUS_LIMIT);
    if (line === this.#sentence) return;
    this.#sentence = line;
    await this.#say(`STATUS=${line}`);
  }

  /** The daemon was asked to end. */
  stopping(): Promise<void> {
    clearInterval(this.#timer);
    return this.#say('STOPPING=1');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#said;
  }

  /** Only while there is progress: what hangs is ended and started again by the manager, and that is what it is for. */
  #feed(): void {
    const stuck = this.#parts.stuck();
    if (stuck === undefined) {
      this.#toldStuck = false;
      void this.#say('WATCHDOG=1');
      return;
    }
    if (!this.#toldStuck) this.#parts.emit({ kind: 'daemon.stuck', message: stuck });
    this.#toldStuck = true;
  }

  /** One at a time, so that they arrive in order. Never rejects. */
  #say(...lines: readonly string[]): Promise<void> {
    this.#said = this.#said
      .then(() => this.#send(lines))
      .catch((error: unknown) => this.#mute(String(error)));
    return this.#said;
  }

  async #send(lines: readonly string[]): Promise<void> {
    const { service, path } = this.#parts;
    if (service === undefined) return;
    const { end, code, stderr } = await run({
      program: 'systemd-notify',
      args: [...lines],
      env: { PATH: path, NOTIFY_SOCKET: service.socket },
      timeoutMs: PATIENCE_MS,
    });
    if (end === 'exited' && code === 0) this.#isMute = false;
    else this.#mute(end === 'not-found' ? 'systemd-notify is not installed' : `${end} ${stderr.trim()}`);
  }

  /** Told once, not at every beat. */
  #mute(why: string): void {
    if (this.#isMute) return;
    this.#isMute = true;
    const message = `systemd hears nothing from this daemon, and will think that it never got ready or hangs: ${why}`;
    this.#parts.emit({ kind: 'service.unheard', message, remedy: 'apt install systemd' });
  }
}
