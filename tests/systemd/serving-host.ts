import type { ResourceStatus, Status } from '../../state-schema/generated/status.ts';
import { BootedContainer } from './booted-container.ts';
import { furnishUnit } from './furnish-unit.ts';

const PACKAGES = ['samba', 'samba-vfs-modules', 'smbclient', 'restic', 'openssh-server', 'openssh-client'];

const SETTINGS = `
host: motoko
repository:
  url: ssh://git@127.0.0.1/srv/state.git
  interval: 1s
  credentials: { keyFile: /etc/anchord/deploy-key, knownHostsFile: /etc/anchord/known-hosts }
allow:
  users: [mdt, users, root]
  secrets: { files: { credentials: /etc/anchord/credentials.env } }
`;

/** What an administrator does before anchord comes: users, keys, the state repo, a share of the host's own. */
const SET_UP = `
useradd --create-home mdt
printf 'secret\\nsecret\\n' | smbpasswd -s -a mdt
printf '[mine]\\n   path = /srv\\n   valid users = mdt\\n' >> /etc/samba/smb.conf
systemctl reload smbd
useradd --create-home --home-dir /srv/git --shell /usr/bin/git-shell git
git init --quiet --bare --initial-branch=main /srv/state.git
chown -R git: /srv/state.git
umask 077
mkdir -p /root/.ssh
ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
ssh-keygen -q -t ed25519 -N '' -f /etc/anchord/deploy-key
echo "127.0.0.1 $(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)" > /etc/anchord/known-hosts
cp /etc/anchord/known-hosts /root/.ssh/known_hosts
echo 'RESTIC_PASSWORD=correct horse' > /etc/anchord/credentials.env
mkdir /srv/git/.ssh
cat /root/.ssh/id_ed25519.pub /etc/anchord/deploy-key.pub > /srv/git/.ssh/authorized_keys
chown -R git: /srv/git
git config --global user.name mdt
git config --global user.email mdt@home.example
git config --global init.defaultBranch main
git clone --quiet ssh://git@127.0.0.1/srv/state.git /root/state 2>&1
`;

/** A whole host: two disks, Debian's own smbd and sshd, a state repo behind it, and anchord under its unit. */
export class ServingHost implements AsyncDisposable {
  readonly container: BootedContainer;

  private constructor(container: BootedContainer) {
    this.container = container;
  }

  /** Boots it and pushes these files; anchord is not started. */
  static async boot(files: Readonly<Record<string, string>>): Promise<ServingHost> {
    const container = BootedContainer.install({ packages: PACKAGES, disks: ['flux', 'space'] });
    try {
      furnishUnit(container, SETTINGS);
      // It waits for a network that is not there.
      container.put('etc/systemd/system/nmbd.service.d/none.conf', '[Unit]\nConditionPathExists=/none\n');
      await container.boot();
      for (const name of ['ssh', 'smbd'])
        await container.until(`${name} runs`, () => container.unit(name, 'ActiveState') === 'active');
      const host = new ServingHost(container);
      host.run(SET_UP);
      host.push(files);
      return host;
    } catch (error) {
      await container[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Commits files to the state repo, or takes them away, and pushes over ssh as a person does; returns the commit. */
  push(files: Readonly<Record<string, string | null>>): string {
    for (const [path, text] of Object.entries(files))
      if (text === null) this.run(`rm /root/state/${path}`);
      else this.container.put(`root/state/${path}`, text);
    return this.run(
      'cd /root/state; git add --all; git commit --quiet --message=state; git push --quiet origin HEAD:main 2>&1; git rev-parse HEAD',
    );
  }

  /** Runs a shell script inside to its end, and returns what it printed. Throws when a line of it fails. */
  run(script: string): string {
    return this.container.run(`set -eu\n${script}`);
  }

  /** What smbclient says when mdt does something in a share, also when that is refused. */
  smb(share: string, commands: string): string {
    return this.run(`smbclient --user=mdt%secret //127.0.0.1/${share} -c '${commands}' 2>&1 || true`);
  }

  /** What the daemon says of the host now. */
  status(): Status {
    return JSON.parse(this.run('anchord status --json')) as Status;
  }

  /** Waits until the host is so. */
  async until(what: string, isSo: (status: Status) => boolean): Promise<Status> {
    let last: Status | undefined;
    try {
      await this.container.until(what, () => isSo((last = this.status())));
    } catch (error) {
      throw new Error(`${JSON.stringify(last, null, 1)}\n${this.journal()}`, { cause: error });
    }
    return last ?? this.status();
  }

  /** Waits until this commit, or whatever is newest, is in force, and the host is as it says. */
  untilReady(revision?: string): Promise<Status> {
    return this.until('the host is as it should be', ({ conditions, source }) => {
      const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
      return isReady && (revision === undefined || source.applied === revision);
    });
  }

  /** What anchord's unit said since it was first started, or since this time. */
  journal(since = '1970-01-01 00:00:00'): string {
    return this.run(`journalctl --unit=anchord --output=cat --since='${since}'`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container[Symbol.asyncDispose]();
  }
}

/** One resource of a status. */
export function resourceOf(status: Status, id: string): ResourceStatus | undefined {
  return status.resources.items.find((item) => item.id === id);
}
