import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const NEEDED = { debootstrap: '/usr/sbin/debootstrap', 'systemd-container': '/usr/bin/systemd-nspawn' };
const PATIENCE_MS = 120_000;

/** Why no container can be booted here; undefined when one can. */
export function cannotBoot(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, to boot a container';
  const missing = Object.entries(NEEDED)
    .filter(([, program]) => !isFile(program))
    .map(([name]) => name);
  return missing.length === 0
    ? undefined
    : `needs: apt-get install --no-install-recommends ${missing.join(' ')}`;
}

/** A whole small Debian with systemd as its first process, in which this repository and its Node are to be had. */
export class BootedContainer implements AsyncDisposable {
  /** Its root folder, as seen from outside. */
  readonly root: string;
  readonly #folder: string;
  #nspawn: ChildProcess | undefined;
  #leader = 0;
  /** What its console said. */
  console = '';

  private constructor(folder: string) {
    this.#folder = folder;
    this.root = join(folder, 'root');
  }

  /** Installs it. Takes minutes, and a mirror. */
  static install(): BootedContainer {
    const container = new BootedContainer(mkdtempSync('/var/tmp/anchord-container-'));
    const [suite, mirror] = debianHere();
    try {
      execFileSync(
        NEEDED.debootstrap,
        [
          '--variant=minbase',
          '--include=systemd,systemd-sysv,dbus,git,util-linux',
          suite,
          container.root,
          mirror,
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      copyFileSync(realpathSync(process.execPath), join(container.root, 'usr/local/bin/node'));
      return container;
    } catch (error) {
      rmSync(container.#folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Boots it, without a network of this machine. */
  async boot(): Promise<void> {
    const modules = realpathSync(join(REPOSITORY, 'node_modules'));
    const nspawn = spawn(
      NEEDED['systemd-container'],
      [
        '--register=no',
        '--keep-unit',
        '--private-network',
        '--console=pipe',
        `--bind-ro=${REPOSITORY}`,
        ...(modules.startsWith(`${REPOSITORY}/`) ? [] : [`--bind-ro=${modules}`]),
        '-D',
        this.root,
        '-b',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#nspawn = nspawn;
    for (const stream of [nspawn.stdout, nspawn.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.console += text));
    await this.until('the first process runs', () => {
      this.#leader = childOf(nspawn.pid ?? 0) ?? 0;
      return this.#leader !== 0;
    });
    await this.until('systemd answers', () =>
      /running|degraded|starting/.test(this.run('systemctl is-system-running || true')),
    );
  }

  /** Runs a shell line inside, and returns what it printed. */
  run(line: string): string {
    const enter = ['--target', String(this.#leader), '--mount', '--pid', '--uts', '--ipc', '--net'];
    return execFileSync('nsenter', [...enter, '--', '/bin/sh', '-c', line], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    }).trim();
  }

  /** One property of a unit. */
  unit(name: string, property: string): string {
    return this.run(`systemctl show ${name} --property=${property} --value`);
  }

  /** Waits until something inside is so. There is nobody inside to tell, so it is asked. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (!isSoNow(isSo)) {
      if (deadline.aborted || this.#nspawn?.exitCode !== null)
        throw new Error(`it never became so that ${what}\n${this.console}`);
      await sleep(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#nspawn?.exitCode === null) {
      const ended = once(this.#nspawn, 'close');
      // The first process of the container takes everything in it along.
      if (this.#leader !== 0) process.kill(this.#leader, 'SIGKILL');
      this.#nspawn.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What cannot be asked yet is not so yet. */
function isSoNow(isSo: () => boolean): boolean {
  try {
    return isSo();
  } catch {
    return false;
  }
}

/** The release of this machine, and the mirror that its packages come from. */
function debianHere(): readonly [string, string] {
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...readdirSync(folder).map((name) => join(folder, name))];
  const text = files
    .filter(isFile)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const mirror =
    /^URIs:\s*(\S+\/debian)\/?$/m.exec(text)?.[1] ??
    /^deb\s+(?:\[.*\]\s+)?(\S+\/debian)\/?\s/m.exec(text)?.[1];
  return [suite, mirror ?? 'http://deb.debian.org/debian'];
}

function childOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
