import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import type { CommandResult } from './anchord-command.ts';
import { AnchordProcess } from './anchord-process.ts';
import { endProcessesOf } from './end-processes.ts';
import { MAIN } from './main-file.ts';
import { PATIENCE_MS } from './patience.ts';
import { StateClone } from './state-clone.ts';
import { WatchedDaemon } from './watched-daemon.ts';

/** The branch is looked at when the daemon says that it moved, and this often all the same. Milliseconds. */
const LOOK_EVERY_MS = 1_000;
const STATUS_BRANCH = 'origin/anchord-status/motoko';

/** What the rig's host is described as, unless a test says otherwise: two volumes, two directories, one backup. Its time comes in no test. */
export const STATE_FILES: Readonly<Record<string, string>> = {
  'hosts/motoko/host.yaml': 'host:\n  name: motoko\n  timezone: UTC\n',
  'hosts/motoko/volumes.yaml':
    'volumes:\n  data: { mount: /data, label: data }\n  vault: { mount: /vault, label: vault }\n',
  'hosts/motoko/directories.yaml':
    'directories:\n  /data/work: { mode: "2775" }\n  /data/work/today: { mode: "0755" }\n',
  'hosts/motoko/policies.yaml': `policies:
  nightly:
    kind: backup
    source: /data
    repository: /vault/repo
    password: { secret: restic }
    schedule: "0 3 1 1 *"
secrets:
  restic: { from: env-file, file: credentials, key: RESTIC_PASSWORD }
`,
};

/** How a rig differs from the usual. */
export interface HostRigOptions {
  /** Host settings that replace the usual ones, key by key. */
  readonly settings?: Partial<HostSettingsFile>;
  /** What the first commit holds; `empty` for an upstream without one. */
  readonly files?: Readonly<Record<string, string>> | 'empty';
}

/** A host in a temporary folder, run by `anchord run --config`: its own settings, its own upstream, a folder as root. */
export class HostRig extends WatchedDaemon implements AsyncDisposable {
  readonly temp: string;
  readonly root: string;
  readonly state: string;
  readonly upstream: string;
  readonly settings: string;
  #anchord: AnchordProcess | undefined;
  #clones = 0;

  private constructor(temp: string) {
    super();
    this.temp = temp;
    this.root = join(temp, 'root');
    this.state = join(temp, 'state');
    this.upstream = join(temp, 'git/upstream.git');
    this.settings = join(temp, 'anchord.yaml');
  }

  /** Makes the folders, the upstream and the settings. Starts nothing. */
  static make(options: HostRigOptions = {}): HostRig {
    const rig = new HostRig(mkdtempSync(join(tmpdir(), 'anchord-host-')));
    for (const folder of ['root/data', 'root/vault', 'root/etc', 'git'])
      mkdirSync(join(rig.temp, folder), { recursive: true });
    writeFileSync(join(rig.temp, 'password'), 'correct horse\n', { mode: 0o600 });
    rig.configure(options.settings);
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', rig.upstream]);
    if (options.files !== 'empty') rig.clone().push(options.files ?? STATE_FILES);
    return rig;
  }

  /** A rig whose daemon runs, whose volumes are adopted, and whose host is as its first revision says. */
  static async start(options: HostRigOptions = {}): Promise<HostRig> {
    const rig = HostRig.make(options);
    try {
      await rig.run();
      await rig.adopt('data', 'vault');
      await rig.untilReady();
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes the host settings. */
  configure(settings: Partial<HostSettingsFile> = {}): void {
    const all: HostSettingsFile = {
      host: 'motoko',
      repository: { url: this.upstream, branch: 'main', interval: '1s' },
      stateDir: this.state,
      root: this.root,
      listen: '127.0.0.1:0',
      allow: { secrets: { files: { credentials: join(this.temp, 'credentials') } } },
      overrides: { secrets: { restic: { file: join(this.temp, 'password') } } },
      ...settings,
    };
    writeFileSync(this.settings, stringify(all), { mode: 0o600 });
  }

  override get anchord(): AnchordProcess {
    if (this.#anchord === undefined) throw new Error('the daemon of this rig was not started');
    return this.#anchord;
  }

  /** Starts the daemon and waits until it serves. */
  async run(): Promise<void> {
    this.begin();
    await this.anchord.event('daemon.listening');
  }

  /** Starts the daemon without waiting for anything. */
  begin(env: Record<string, string> = {}): AnchordProcess {
    this.#anchord = AnchordProcess.start(['run', '--config', this.settings, '--log', 'json'], { env });
    return this.#anchord;
  }

  /** Runs `anchord ARGS --config …` to its end. */
  command(...args: readonly string[]): Promise<CommandResult> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [MAIN, ...args, '--config', this.settings],
        { env: { PATH: process.env['PATH'] ?? '' }, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
    });
  }

  /** Adopts volumes, as a person does once the daemon knows them. */
  async adopt(...names: readonly string[]): Promise<void> {
    await this.until((status) => status.volumes.length > 0);
    for (const name of names) {
      const { code, stderr } = await this.command('volume', 'adopt', name);
      if (code !== 0) throw new Error(`volume adopt ${name} failed: ${stderr}`);
    }
  }

  clone(): StateClone {
    this.#clones++;
    return StateClone.clone(this.upstream, join(this.temp, `clone-${this.#clones}`));
  }

  /** Waits until the status branch says what it should. */
  async untilPublished(isSo: (status: Status) => boolean): Promise<Status> {
    const reader = this.clone();
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const looked = this.anchord.now();
      const status = publishedStatus(reader);
      if (status !== undefined && isSo(status)) return status;
      if (deadline.aborted) throw new Error(`it was never published so: ${JSON.stringify(status, null, 2)}`);
      await this.anchord.news(looked, LOOK_EVERY_MS, 'status.published');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#anchord?.[Symbol.asyncDispose]();
    endProcessesOf(this.temp);
    // The last of them may still be at it.
    rmSync(this.temp, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

/** What the status branch says; undefined while there is none, or somebody else's. */
function publishedStatus(reader: StateClone): Status | undefined {
  reader.git('fetch', '--quiet', '--prune', 'origin');
  if (reader.git('branch', '--remotes', '--list', STATUS_BRANCH) === '') return undefined;
  if (reader.git('ls-tree', '--name-only', STATUS_BRANCH, 'status.json') === '') return undefined;
  return JSON.parse(reader.git('show', `${STATUS_BRANCH}:status.json`)) as Status;
}
