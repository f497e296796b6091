import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '../rig/patience.ts';
import { soon } from '../rig/soon.ts';

const ADMIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What becomes process 1 of a namespace: lays a memory file system over the machine's `/`, so that everything written
 * stays there, gives it its own /proc, and waits. It ends with its standard input, which is this process, and with it
 * ends everything in the namespace: every process, every mount, every loop device.
 *
 *   $1 folder for the layers   $2 folder that both sides see   $3… what must be seen inside, wherever it is mounted
 */
const SCRIPT = `set -eu
read -r pid _ < /proc/self/stat
layers=$1; shared=$2; shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs "$layers"
mkdir "$layers/upper" "$layers/work" "$layers/root"
root=$layers/root
mount -t overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" overlay "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
# What others on the machine do in root's home is not to be seen.
mount -t tmpfs -o mode=0700 tmpfs "$root/root"
for seen in "$shared" "$@"; do
  [ "$seen" = "$shared" ] || [ ! -e "$root$seen" ] || continue
  mkdir -p "$root$seen"
  mount --bind "$seen" "$root$seen"
done
rm -rf "$root/etc/anchord" "$root/var/lib/anchord"
mkdir -p "$root/etc/anchord" "$root/disks" "$root/flux" "$root/space"
mount -t tmpfs tmpfs "$root/disks"
truncate --size=8M "$root/disks/probe"
mkfs.ext4 -q "$root/disks/probe"
mount -o loop "$root/disks/probe" "$root/flux"
umount "$root/flux"
echo "$pid"
exec chroot "$root" cat
`;

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine's `/` of one's own, in which root can mount disks and write to /etc without touching the machine. */
export class PrivateRoot implements AsyncDisposable {
  /** A folder that lies at the same place inside and outside. */
  readonly shared: string;
  /** What starts a program inside. */
  readonly through: readonly string[];
  readonly #temp: string;
  readonly #child: ChildProcess;

  private constructor(temp: string, child: ChildProcess, pid: string) {
    this.#temp = temp;
    this.shared = join(temp, 'shared');
    this.#child = child;
    this.through = ['nsenter', `--target=${pid}`, '--mount', '--pid', '--root', '--wd', '--'];
  }

  static async make(): Promise<PrivateRoot> {
    const temp = mkdtempSync(join(tmpdir(), 'anchord-root-'));
    const child = spawn('unshare', unshareArgs(temp), { stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const pid = await Promise.race([
      once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).trim()),
      once(child, 'close').then(() => undefined),
    ]);
    if (pid !== undefined) return new PrivateRoot(temp, child, pid);
    rmSync(temp, { recursive: true, force: true });
    throw new Error(`no private root: ${errors}`);
  }

  /** Runs a program inside to its end. */
  run(program: string, ...args: readonly string[]): Promise<CommandEnd> {
    const [nsenter = '', ...rest] = [...this.through, program, ...args];
    return new Promise((done) => {
      execFile(
        nsenter,
        rest,
        { env: { PATH: ADMIN_PATH, LC_ALL: 'C.UTF-8' }, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
    });
  }

  /** Runs a shell script inside, with arguments, and returns what it prints; fails when it does. */
  async sh(script: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run('sh', '-euc', script, 'sh', ...args);
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
    return stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      // --kill-child: with unshare goes process 1 of the namespace, and with that everything in it.
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    await this.#goneFromMachine();
    rmSync(this.#temp, { recursive: true, force: true });
  }

  /** The kernel takes a namespace apart after its last process is gone. Fails when something of it stays. */
  async #goneFromMachine(): Promise<void> {
    await soon(() => traces(this.#temp).length === 0, `nothing with ${this.#temp} is left on this machine`);
  }
}

/** Why this machine cannot give a private root, for a test to say when it skips. */
export function withPrivateRoot(): { readonly skip?: string } {
  if (process.getuid?.() !== 0) return { skip: 'needs root, for a / of its own' };
  const temp = mkdtempSync(join(tmpdir(), 'anchord-probe-'));
  try {
    const { status, stderr, error } = spawnSync('unshare', unshareArgs(temp), {
      input: '',
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    if (status === 0) return {};
    const why = (error?.message ?? stderr).trim().split('\n').at(-1) ?? '';
    return { skip: `needs namespaces, overlayfs and loop devices: ${why}` };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** Every mount and loop device on this machine that belongs to a private root. */
function traces(temp: string): readonly string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const loops = spawnSync('losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE'], {
    encoding: 'utf8',
  });
  return [...mounts, ...loops.stdout.split('\n')].filter((line) => line.includes(temp));
}

function unshareArgs(temp: string): readonly string[] {
  const [layers, shared] = [join(temp, 'layers'), join(temp, 'shared')];
  for (const folder of [layers, shared]) mkdirSync(folder);
  const dist = resolve(fileURLToPath(new URL('../..', import.meta.url)));
  const modules = resolve(fileURLToPath(import.meta.resolve('yaml')), '../../..');
  const flags = ['--mount', '--propagation=private', '--pid', '--fork', '--kill-child'];
  return [...flags, 'sh', '-c', SCRIPT, 'sh', layers, shared, resolve(dist, '..'), modules, process.execPath];
}
