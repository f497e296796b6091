import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sambaPlace, type SambaPlace } from '../../daemon/samba/samba-place.ts';
import type { ShareQuestion, ShareTroubles, ShareView } from '../../daemon/samba/share-view.ts';
import type { ShareWant } from '../../daemon/samba/share-want.ts';
import { Shares } from '../../daemon/samba/shares.ts';
import { PATIENCE_MS } from '../rig/patience.ts';
import { soon } from '../rig/soon.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const PASSWORD = 'correct horse';
const SENTINEL = '{"volume":"disk","id":"one","host":"motoko"}';

/** Accounts that every Debian has, given a password in the rig's own database and nowhere else. */
export const PEOPLE = { writer: 'games', reader: 'news', stranger: 'mail' } as const;

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly said: string;
}

/**
 * A smbd of one's own: its folders, its port on the loopback, its passwords, and a disk that only it sees mounted. What
 * the daemon does with the smbd of a host, tests do with this one.
 */
export class SambaRig implements AsyncDisposable {
  readonly temp: string;
  readonly place: SambaPlace;
  readonly port: number;
  readonly shares: Shares;
  /** The host's own part of smb.conf, as the rig wrote it. */
  readonly userPart: string;
  now = 0;
  #smbd: ChildProcess | undefined;
  #known: ReadonlySet<string> = new Set();

  private constructor(temp: string, port: number) {
    this.temp = temp;
    this.port = port;
    const place = { root: join(temp, 'root'), stateDir: join(temp, 'state'), path: PATH, serves: true };
    this.place = sambaPlace(place);
    this.userPart = ownPart(temp, port);
    this.shares = new Shares(this.place, { monotonic: () => this.now });
    for (const folder of ['root/etc/samba', 'state', 'disk', 'private', 'run/nc']) {
      mkdirSync(join(temp, folder), { recursive: true });
    }
    writeFileSync(this.place.userConfig, this.userPart, 'latin1');
  }

  /** A rig whose smbd does not run yet. */
  static async make(): Promise<SambaRig> {
    const temp = mkdtempSync(join(tmpdir(), 'anchord-samba-'));
    // Its people have to reach the disk in it.
    chmodSync(temp, 0o755);
    return new SambaRig(temp, await freePort());
  }

  /** A rig whose smbd runs, with passwords for its people and some files on its disk. */
  static async start(): Promise<SambaRig> {
    const rig = await SambaRig.make();
    try {
      for (const name of Object.values(PEOPLE)) rig.setPassword(name);
      await rig.run();
      rig.populate('alpha', 'beta');
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts smbd in a mount table of its own, with a disk at `/disk` of the rig. It ends with the test, however that ends. */
  async run(): Promise<void> {
    const script =
      'mount -t tmpfs -o mode=0755 disk "$1"; printf "%s\\n" "$2" > "$1/.anchord-volume"; shift 2; exec setpriv --pdeathsig SIGTERM "$@"';
    const smbd = ['smbd', '--foreground', '--no-process-group', '--configfile', this.place.userConfig];
    const args = [
      '--mount',
      '--propagation=private',
      'sh',
      '-euc',
      script,
      'sh',
      join(this.temp, 'disk'),
      SENTINEL,
    ];
    // In a process group of its own, to which smbd passes on the signal that ends it.
    const how = { env: { PATH, LC_ALL: 'C.UTF-8' }, stdio: 'ignore', detached: true } as const;
    this.#smbd = spawn('unshare', [...args, ...smbd], how);
    await until(() => this.control('ping').code === 0, 'smbd answers');
  }

  /** Ends smbd as systemd does. */
  async stop(): Promise<void> {
    const child = this.#smbd;
    this.#smbd = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** A path on the disk, seen as smbd sees it. */
  disk(...parts: readonly string[]): string {
    return join(`/proc/${String(this.#smbd?.pid)}/root`, this.temp, 'disk', ...parts);
  }

  /** Makes directories on the disk that the writer owns, each with a file that names it. */
  populate(...names: readonly string[]): void {
    for (const name of names) {
      mkdirSync(this.disk(name), { mode: 0o775 });
      writeFileSync(this.disk(name, 'hello'), `hello from ${name}\n`);
      chownSync(this.disk(name), uidOf(PEOPLE.writer), uidOf(PEOPLE.writer));
    }
  }

  /** A share of the directory of its name: one may write, one may read. */
  want(name: string, change: Partial<ShareWant> = {}): ShareWant {
    return {
      id: `share:${name}`,
      name,
      path: join(this.temp, 'disk', name),
      volume: 'disk',
      writers: [PEOPLE.writer],
      readers: [PEOPLE.reader],
      recycle: false,
      hidden: [],
      ...change,
    };
  }

  /** One pass: looks at what is and makes it what is wanted. */
  async pass(wants: readonly ShareWant[], down: readonly string[] = []): Promise<Passed> {
    const view = await this.look(wants, down);
    const troubles = await this.shares.apply(view, new Set());
    this.#known = new Set(wants.map(({ name }) => name));
    return { view, troubles: new Map([...view.troubles, ...troubles]) };
  }

  look(wants: readonly ShareWant[], down: readonly string[] = []): Promise<ShareView> {
    return this.shares.observe(this.question(wants, down));
  }

  question(wants: readonly ShareWant[], down: readonly string[] = []): ShareQuestion {
    const mark = { name: 'disk', mount: join(this.temp, 'disk'), sentinel: SENTINEL };
    const ids = new Set(down.map((name) => `share:${name}`));
    return { wants, down: ids, known: this.#known, marks: [mark] };
  }

  /** The arguments with which smbclient signs in to a share. */
  login(user: string, share: string): string[] {
    const at = ['--configfile=/dev/null', '--port', String(this.port)];
    return [...at, `--user=${user}%${PASSWORD}`, `//127.0.0.1/${share}`];
  }

  /** Does something in a share as a user, and returns how that ended. */
  smb(user: string, share: string, commands: string): Promise<Ended> {
    return ending('smbclient', [...this.login(user, share), '-c', commands]);
  }

  /** Connects to a share as nobody. */
  guest(share: string): Promise<Ended> {
    const login = ['--configfile=/dev/null', '--port', String(this.port), '--no-pass', '--user=%'];
    return ending('smbclient', [...login, `//127.0.0.1/${share}`, '-c', 'ls']);
  }

  /** What a share holds for a user: the text of its file `hello`, or why not. */
  async read(share: string, user: string = PEOPLE.reader): Promise<string> {
    const { said } = await this.smb(user, share, 'get hello -');
    return /^hello from \w+$/m.exec(said)?.[0] ?? /NT_STATUS_\w+/.exec(said)?.[0] ?? said;
  }

  /** Anchord's configuration file. */
  get own(): string {
    return readFileSync(this.place.ownConfig, 'utf8');
  }

  /** The host's own smb.conf. */
  get main(): string {
    return readFileSync(this.place.userConfig, 'latin1');
  }

  control(...message: readonly string[]): { readonly code: number | null } {
    const args = ['--configfile', this.place.userConfig, 'smbd', ...message];
    return { code: spawnSync('smbcontrol', args, { env: { PATH } }).status };
  }

  /** Runs a program where smbd sees its disk. */
  beside(program: string, ...args: readonly string[]): void {
    const pid = String(this.#smbd?.pid);
    execFileSync('nsenter', [`--target=${pid}`, '--mount', program, ...args], { env: { PATH } });
  }

  setPassword(user: string): void {
    execFileSync('smbpasswd', ['-c', this.place.userConfig, '-s', '-a', user], {
      input: `${PASSWORD}\n${PASSWORD}\n`,
      env: { PATH },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.temp, { recursive: true, force: true });
  }
}

/** What a pass over the shares saw and could not do. */
export interface Passed {
  readonly view: ShareView;
  readonly troubles: ShareTroubles;
}

/** Why this machine cannot run a smbd of one's own, for a test to say when it skips. */
export function withSamba(): { readonly skip?: string } {
  if (process.getuid?.() !== 0) return { skip: 'needs root, for a smbd of its own' };
  for (const program of ['smbd', 'testparm', 'smbclient', 'smbcontrol', 'unshare']) {
    if (spawnSync(program, ['--version'], { env: { PATH } }).error !== undefined)
      return { skip: `needs ${program}` };
  }
  const built = spawnSync('smbd', ['--build-options'], { env: { PATH }, encoding: 'utf8' }).stdout;
  const modules = /^\s*MODULESDIR: (\S+)/m.exec(built)?.[1] ?? '';
  return existsSync(join(modules, 'vfs/fruit.so')) ? {} : { skip: 'needs the package samba-vfs-modules' };
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await soon(isSo, what);
}

function ownPart(temp: string, port: number): string {
  return `# A host's own settings, with an umlaut in latin1: \u00fc
[global]
   workgroup = HOME
   private dir = ${temp}/private
   lock directory = ${temp}/run
   state directory = ${temp}/run
   cache directory = ${temp}/run
   pid directory = ${temp}/run
   ncalrpc dir = ${temp}/run/nc
   log file = ${temp}/log
   smb ports = ${port}
   interfaces = lo
   bind interfaces only = yes
`;
}

function ending(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { env: { PATH, LC_ALL: 'C.UTF-8' }, timeout: PATIENCE_MS },
      (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: `${out}${err}` }),
    );
  });
}

function uidOf(name: string): number {
  return Number(execFileSync('id', ['--user', name], { encoding: 'utf8' }));
}

/**
 * A port of the loopback that nobody listens on. Not one of those that the kernel gives to whoever asks for any
 * (ip_local_port_range), among them all other tests: it would be gone before smbd has it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_384, 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
