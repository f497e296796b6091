import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchordEvent } from '../../daemon/events.ts';
import { HostRig } from '../rig/host-rig.ts';
import { contents } from './mirror-rig.ts';

const FILES = 12;

/** A moment of a run of a mirror at which something is killed. */
export interface KillPoint {
  readonly phase: string;
  readonly who: 'anchord' | 'rclone';
}

/** A host with a mirror that sends slowly, and something to send, to replace and to delete in each run. */
export class KilledMirror implements AsyncDisposable {
  readonly #rig: HostRig;
  #run = 0;

  private constructor(rig: HostRig) {
    this.#rig = rig;
  }

  /** Starts the host; its mirror has gone well once. */
  static async start(): Promise<KilledMirror> {
    const rig = HostRig.make({
      files: {
        'hosts/motoko/host.yaml': 'host: { name: motoko, timezone: UTC }\n',
        'hosts/motoko/volumes.yaml': 'volumes: { data: { mount: /data, label: data } }\n',
        'hosts/motoko/mirror.yaml': `policies:
  copy:
    kind: mirror
    source: /data
    destination: cloud:there
    schedule: "0 3 1 1 *"
    bandwidth: 600KB
    limits: { delete: 100% }
remotes:
  cloud: { type: b2, account: nobody, key: { secret: nothing } }
secrets:
  nothing: { from: env-file, file: credentials, key: NOTHING }
`,
      },
    });
    rig.configure({
      overrides: { remotes: { cloud: { type: 'alias', remote: join(rig.temp, 'cloud') } } },
    });
    const mirror = new KilledMirror(rig);
    mkdirSync(mirror.#cloud, { recursive: true });
    for (let index = 0; index < FILES; index++) mirror.#write(`f${index}`, `${index}`);
    await rig.run();
    await rig.adopt('data');
    await rig.untilReady();
    await mirror.#succeeds();
    return mirror;
  }

  /** Changes something, kills at that moment of the next run, and starts again: no object is lost, and a run makes it equal. */
  async survives(point: KillPoint): Promise<void> {
    const rig = this.#rig;
    this.#run++;
    const gone = `f${this.#run % FILES}`;
    const before = await contents(this.#cloud);
    rmSync(join(rig.root, 'data', gone), { force: true });
    this.#write(`f${(this.#run + 1) % FILES}`, `again in run ${this.#run}`);
    this.#write(`new${this.#run}`, 'x'.repeat(300_000));
    const wanted = await contents(join(rig.root, 'data'));
    const now = rig.anchord.now();
    const asked = rig.command('policy', 'run', 'copy');
    await rig.anchord.event('run.progress', (event) => isAt(event, point), now);

    if (point.who === 'rclone') for (const pid of this.#rclones()) process.kill(pid, 'SIGKILL');
    else await rig.anchord.stop('SIGKILL');
    await asked;
    if (point.who === 'anchord') await rig.run();

    const after = await contents(this.#cloud);
    for (const [name, text] of Object.entries(before)) {
      // What is sent to a folder has its name before it is whole; a store of objects is better than that.
      const isAsItWas = after[name] === text || after[name] === wanted[name] || name === gone;
      assert.ok(isAsItWas || text.startsWith('x'), `${name} was ${text}, and is ${after[name]}`);
    }
    await this.#succeeds();
    assert.deepEqual(await contents(this.#cloud), withoutOwn(await contents(join(rig.root, 'data'))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#rclones()) process.kill(pid, 'SIGKILL');
    await this.#rig[Symbol.asyncDispose]();
  }

  get #cloud(): string {
    return join(this.#rig.temp, 'cloud/there');
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#rig.root, 'data', name), text);
  }

  /** Until what a killed anchord left at work has ended, no run begins. */
  async #succeeds(): Promise<void> {
    for (;;) {
      const { code, stdout, stderr } = await this.#rig.command('policy', 'run', 'copy');
      if (code === 0) return;
      assert.match(stdout + stderr, /still at work|already runs|in use/, stdout + stderr);
    }
  }

  #rclones(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => argumentsOf(pid).startsWith('rclone\0') && argumentsOf(pid).includes(this.#rig.temp))
      .map(Number);
  }
}

function isAt(event: Extract<AnchordEvent, { kind: 'run.progress' }>, { phase }: KillPoint): boolean {
  return event.progress.phase === phase;
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function withoutOwn(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('.anchord-')));
}
