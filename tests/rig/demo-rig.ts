import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateDirectory } from '../../daemon/cli/validate-directory.ts';
import { EXAMPLE, makeDemo } from '../../daemon/demo/make-demo.ts';
import type { PolicyStatus, Status } from '../../state-schema/generated/status.ts';
import { ask } from './ask.ts';
import { AnchordProcess } from './anchord-process.ts';
import { endProcessesOf } from './end-processes.ts';
import { PATIENCE_MS } from './patience.ts';
import { pause } from './pause.ts';
import { StateClone } from './state-clone.ts';
import { isReady, WatchedDaemon } from './watched-daemon.ts';

const POLICIES = 'hosts/motoko/policies.yaml';

/** A demo in a temporary folder: the real program, a real upstream, a real restic repository. */
export class DemoRig extends WatchedDaemon implements AsyncDisposable {
  readonly dir: string;
  readonly root: string;
  readonly upstream: string;
  readonly #temp: string;
  #anchord: AnchordProcess;
  #clones = 0;

  private constructor(temp: string, anchord: AnchordProcess) {
    super();
    this.#temp = temp;
    this.dir = join(temp, 'demo');
    this.root = join(this.dir, 'root');
    this.upstream = join(this.dir, 'upstream.git');
    this.#anchord = anchord;
  }

  /** Starts a demo and waits until it is ready. */
  static async start(): Promise<DemoRig> {
    const rig = DemoRig.begin();
    await rig.ready();
    return rig;
  }

  /**
   * Starts a demo with one policy, flux-local, and waits until it is ready: what others cost in time tells such tests nothing.
   * Not for Playwright, which runs the sources as they are: the demo is made in this process, by built modules.
   */
  static async startSmall(): Promise<DemoRig> {
    const rig = await DemoRig.beginSmall();
    await rig.ready();
    return rig;
  }

  /** Starts a demo without waiting for anything. */
  static begin(): DemoRig {
    const temp = mkdtempSync(join(tmpdir(), 'anchord-demo-'));
    return new DemoRig(temp, startDemo(join(temp, 'demo')));
  }

  /** Starts a demo with one policy, flux-local, without waiting for anything. */
  static async beginSmall(): Promise<DemoRig> {
    const temp = mkdtempSync(join(tmpdir(), 'anchord-demo-'));
    const dir = join(temp, 'demo');
    const [example] = await validateDirectory({ dir: EXAMPLE });
    if (example?.result.ok !== true) throw new Error(`${EXAMPLE} is not valid`);
    const { state } = example.result;
    const path = process.env['PATH'] ?? '';
    const { paths } = await makeDemo({ dir, listen: '127.0.0.1:0', state, path });
    const clone = StateClone.clone(paths.upstream, join(temp, 'small'));
    const policies = readFileSync(join(clone.dir, POLICIES), 'utf8');
    clone.push({ [POLICIES]: onlyFirst(policies) });
    return new DemoRig(temp, startDemo(dir));
  }

  override get anchord(): AnchordProcess {
    return this.#anchord;
  }

  /** Starts the demo again, after it was stopped, without waiting for anything. */
  startAgain(): void {
    this.#anchord = startDemo(this.dir);
  }

  /** Starts the demo again and waits until it is ready. */
  async restart(): Promise<void> {
    await this.#anchord[Symbol.asyncDispose]();
    this.#anchord = startDemo(this.dir);
    await this.ready();
  }

  /** A fresh clone of the upstream. */
  clone(): StateClone {
    this.#clones++;
    return StateClone.clone(this.upstream, join(this.#temp, `clone-${this.#clones}`));
  }

  /** Waits until `/health` answers 200: the first round has ended. */
  async ready(): Promise<Status> {
    const { url } = await this.#anchord.event('daemon.listening');
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while ((await ask(new URL('health', url), signal)).status !== 200) await pause();
    return this.status();
  }

  /** Waits until the demo has done all that it does by itself: adopted its volumes, and run each backup and mirror once. */
  settled(): Promise<Status> {
    return this.until((status) => isReady(status) && status.policies.every(hasRun));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#anchord[Symbol.asyncDispose]();
    endProcessesOf(this.#temp);
    // The last of them may still be at it.
    rmSync(this.#temp, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

/** The file of policies with nothing but the first of them. */
function onlyFirst(policies: string): string {
  const first = /^[\s\S]*?\n {2}flux-local:\n(?: {4}.*\n)+/.exec(policies)?.[0];
  if (first === undefined) throw new Error('flux-local is not the first policy of the example');
  return first;
}

function hasRun({ kind, state, lastRun }: PolicyStatus): boolean {
  if (state === 'running') return false;
  return state === 'not-carried-out' || !(kind === 'backup' || kind === 'mirror') || lastRun !== undefined;
}

function startDemo(dir: string): AnchordProcess {
  return AnchordProcess.start(['demo', '--dir', dir, '--listen', '127.0.0.1:0', '--log', 'json']);
}
