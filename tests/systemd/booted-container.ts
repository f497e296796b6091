import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const NEEDED = { debootstrap: '/usr/sbin/debootstrap', 'systemd-container': '/usr/bin/systemd-nspawn' };
const ALWAYS = ['systemd', 'systemd-sysv', 'dbus', 'git', 'util-linux'];
const PATIENCE_MS = 120_000;

/**
 * Boots a container with its disks mounted, in a mount namespace that ends with it: nothing of it stays on this machine.
 * The kernel lets go of a loop device with its last mount.
 *
 *   $1 folder of the disks   $2 root folder, in which a disk is mounted at its name   $3… what boots it
 */
const WITH_DISKS = `
disks=$1; root=$2; shift 2
for disk in "$disks"/*; do
  [ -e "$disk" ] || continue
  at="$root/\${disk##*/}"
  mkdir "$at"
  mount -o loop "$disk" "$at"
  set -- "$@" "--bind=$(findmnt --noheadings --output SOURCE "$at")"
done
exec "$@"
`;

/** What a container has besides systemd, git and this repository. */
export interface ContainerParts {
  /** Debian packages. */
  readonly packages?: readonly string[];
  /** Names of ext4 disks; each is labelled with its name, and mounted at `/<name>` when the container boots. */
  readonly disks?: readonly string[];
}

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
  static install({ packages = [], disks = [] }: ContainerParts = {}): BootedContainer {
    const container = new BootedContainer(mkdtempSync('/var/tmp/anchord-container-'));
    const [suite, mirror] = debianHere();
    try {
      execFileSync(
        NEEDED.debootstrap,
        [
          '--variant=minbase',
          `--include=${[...ALWAYS, ...packages].join(',')}`,
          suite,
          container.root,
          mirror,
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      copyFileSync(realpathSync(process.execPath), join(container.root, 'usr/local/bin/node'));
      mkdirSync(container.#disks);
      for (const name of disks) makeDisk(join(container.#disks, name), name);
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
      'unshare',
      [
        '--mount',
        '--propagation=slave',
        'sh',
        '-euc',
        WITH_DISKS,
        'sh',
        this.#disks,
        this.root,
        NEEDED['systemd-container'],
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
      this.#leader = initOf(nspawn.pid ?? 0) ?? 0;
      return this.#leader !== 0;
    });
    await this.until('systemd answers', () =>
      /running|degraded|starting/.test(this.run('systemctl is-system-running || true')),
    );
  }

  get #disks(): string {
    return join(this.#folder, 'disks');
  }

  /** Puts a file into it. */
  put(path: string, text: string, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  /** Runs a shell line inside, and returns what it printed. */
  run(line: string): string {
    const enter = ['--target', String(this.#leader), '--mount', '--pid', '--uts', '--ipc', '--net'];
    return execFileSync('nsenter', [...enter, '--', '/bin/sh', '-c', line], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { HOME: '/root', PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
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

function makeDisk(file: string, label: string): void {
  execFileSync('truncate', ['--size=64M', file]);
  execFileSync('mkfs.ext4', ['-q', '-L', label, file]);
}

/** The child that has become systemd: before, there are those that mount disks, and what nspawn prepares. */
function initOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const init = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8') === 'systemd\n');
  return init === undefined ? undefined : Number(init);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
