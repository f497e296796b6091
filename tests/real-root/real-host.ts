import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { AnchordProcess } from '../rig/anchord-process.ts';
import { MAIN } from '../rig/main-file.ts';
import { StateClone } from '../rig/state-clone.ts';
import { WatchedDaemon } from '../rig/watched-daemon.ts';
import { PrivateRoot, type CommandEnd } from './private-root.ts';
import { asTheUnitLeavesIt } from '../systemd/unit-privileges.ts';

/** The uid and gid of the user `mdt`, whom only the private root knows. */
export const MDT = 1700;

/** Where the daemon's host settings are, as on any real host. */
const SETTINGS = '/etc/anchord/anchord.yaml';

const UNMOUNT = `unmount() { until umount "$1" 2>/dev/null; do mountpoint -q "$1"; done; }
read_only() { until mount -o remount,ro "$1" 2>/dev/null; do mountpoint -q "$1"; done; }`;

const STATE: Readonly<Record<string, string>> = {
  'hosts/motoko/host.yaml': 'host:\n  name: motoko\n  timezone: UTC\n',
  'hosts/motoko/volumes.yaml': `volumes:
  flux: { mount: /flux, fstype: ext4, label: flux }
  space: { mount: /space, fstype: ext4, label: space }
`,
  'hosts/motoko/directories.yaml': `directories:
  /flux/active: { owner: mdt, group: mdt, mode: "2775" }
  /flux/private: { owner: root, group: root, mode: "0700" }
  /space/projects: { owner: mdt, group: users, mode: "2770" }
`,
  'hosts/motoko/policies.yaml': `policies:
  flux-local:
    kind: backup
    source: /flux
    repository: /space/snapshots/flux-local
    password: { secret: restic }
    schedule: "0 3 1 1 *"
secrets:
  restic: { from: env-file, file: credentials, key: RESTIC_PASSWORD }
`,
};

/** A host with `root: /`, two ext4 disks at /flux and /space, and `anchord run` on it, all in a private root. */
export class RealHost extends WatchedDaemon implements AsyncDisposable {
  readonly place: PrivateRoot;
  readonly clone: StateClone;
  #anchord: AnchordProcess | undefined;
  #files = 0;

  private constructor(place: PrivateRoot, clone: StateClone) {
    super();
    this.place = place;
    this.clone = clone;
  }

  /** Makes the host, its disks, its user and its state repo, and starts the daemon. */
  static async start(): Promise<RealHost> {
    const place = await PrivateRoot.make();
    try {
      const upstream = join(place.shared, 'upstream.git');
      execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', upstream]);
      const clone = StateClone.clone(upstream, join(place.shared, 'clone'));
      clone.push(STATE);
      const host = new RealHost(place, clone);
      await host.#setUp(upstream);
      await host.run();
      return host;
    } catch (error) {
      await place[Symbol.asyncDispose]();
      throw error;
    }
  }

  override get anchord(): AnchordProcess {
    if (this.#anchord === undefined) throw new Error('the daemon of this host was not started');
    return this.#anchord;
  }

  /** Starts the daemon and waits until it serves. */
  async run(): Promise<void> {
    this.#anchord = AnchordProcess.start(['run', '--log', 'json'], {
      // So that a capability that anchord needs and its unit takes away is seen here, and not on somebody's host.
      through: [...this.place.through, ...asTheUnitLeavesIt()],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    await this.anchord.event('daemon.listening');
  }

  /** Ends the daemon as systemd does, and waits for its end. */
  async stop(): Promise<{ readonly code: number | null }> {
    // nsenter does not hand signals on, so it is the daemon itself that gets it.
    const { pid } = await this.anchord.event('daemon.started');
    await this.place.sh('kill -TERM "$1"', String(pid));
    return this.anchord.ended();
  }

  /** Runs `anchord ARGS` inside, to its end. */
  command(...args: readonly string[]): Promise<CommandEnd> {
    return this.place.run(process.execPath, MAIN, ...args);
  }

  /** Runs a shell script inside. In it `unmount PLACE` and `read_only PLACE` wait for the daemon, which may be at work on the disk. */
  sh(script: string, ...args: readonly string[]): Promise<string> {
    return this.place.sh(`${UNMOUNT}\n${script}`, ...args);
  }

  /** Makes an ext4 disk of this name and label in the private root. */
  async makeDisk(name: string, label: string): Promise<void> {
    await this.sh('truncate --size=48M "/disks/$1"; mkfs.ext4 -q -L "$2" "/disks/$1"', name, label);
  }

  /** Mounts a disk at a mount point. */
  async mount(name: string, at: string): Promise<void> {
    await this.sh('mount -o loop "/disks/$1" "$2"', name, at);
  }

  /** Adopts both disks, as a person does, and waits until the host is as its state repo says. */
  async adopt(): Promise<void> {
    await this.until((status) => status.volumes.length > 0);
    for (const name of ['flux', 'space']) {
      const { code, stderr } = await this.command('volume', 'adopt', name);
      if (code !== 0) throw new Error(`volume adopt ${name} failed: ${stderr}`);
    }
    await this.untilReady();
  }

  /** Pushes a file that declares these directories, and returns the commit. */
  declare(...paths: readonly string[]): string {
    const text = paths.map((path) => `  ${path}: { owner: mdt, group: mdt, mode: "2775" }\n`).join('');
    return this.clone.push({ [`hosts/motoko/more-${++this.#files}.yaml`]: `directories:\n${text}` });
  }

  /** What lies on the bare mount point /flux, below whatever is mounted there. */
  bare(): Promise<string> {
    return this.sh(
      'mkdir -p /disks/below; mount --bind / /disks/below; ls -A /disks/below/flux; umount /disks/below',
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.place[Symbol.asyncDispose]();
    await this.#anchord?.[Symbol.asyncDispose]();
  }

  async #setUp(upstream: string): Promise<void> {
    for (const name of ['flux', 'space']) {
      await this.makeDisk(name, name);
      await this.mount(name, `/${name}`);
    }
    await this.sh(
      `echo "mdt:x:$1:$1::/home/mdt:/bin/sh" >> /etc/passwd
       echo "mdt:x:$1:" >> /etc/group
       umask 077
       echo 'correct horse' > /etc/anchord/restic-password
       cat > "$2" <<END
host: motoko
repository: { url: $3, interval: 1s }
listen: 127.0.0.1:0
allow:
  users: [mdt, users, root]
  secrets: { files: { credentials: /etc/anchord/credentials.env } }
overrides:
  secrets: { restic: { file: /etc/anchord/restic-password } }
END`,
      String(MDT),
      SETTINGS,
      upstream,
    );
  }
}
