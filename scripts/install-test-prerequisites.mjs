// Brings what the tests need to a machine where nothing was installed by hand. Imports nothing from node_modules:
// that may not be there yet.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPromtool, promtoolFile } from './fetch-promtool.mjs';
import { fetchNewerRestic, newerResticFile } from './fetch-restic.mjs';
import { arePackagesInstalled, installPackages } from './install-packages.mjs';
import { nodeProblem } from './node-version.mjs';
import { runQuietly, runShown } from './run-program.mjs';
import { withLock } from './with-lock.mjs';

// The tests run real programs, never stand-ins for them.
const PROGRAMS = [
  { program: 'git', package: 'git', why: 'every test of the state repo and of the status branch' },
  { program: 'restic', package: 'restic', why: 'backups, restores, forget and prune' },
  { program: 'rclone', package: 'rclone', why: 'the demo cloud: remotes that are aliases of folders' },
  { program: 'rsync', package: 'rsync', why: 'moving files between volumes' },
  { program: 'testparm', package: 'samba', why: 'checks a rendered smb.conf' },
  {
    program: 'vfs_fruit',
    package: 'samba-vfs-modules',
    why: 'shares as macOS wants them, on a real smbd',
    isThere: hasSambaModules,
  },
  { program: 'smbclient', package: 'smbclient', why: 'probes shares with a real connection' },
  { program: 'chromium', package: 'chromium', why: 'the page in a real browser' },
  { program: 'flock', package: 'util-linux', why: 'locks that hold over processes' },
  { program: 'unshare', package: 'util-linux', why: 'mount tables of their own for the volume guards' },
  { program: 'mkfs.ext4', package: 'e2fsprogs', why: 'disks made of files for the volume guards' },
  { program: 'losetup', package: 'mount', why: 'mounts those disks' },
  { program: 'ip', package: 'iproute2', why: 'a network that is not there' },
  { program: 'systemd-analyze', package: 'systemd', why: 'checks the unit files' },
  { program: 'ssh-keygen', package: 'openssh-client', why: 'signed revisions, and a remote over ssh' },
  { program: 'sshd', package: 'openssh-server', why: 'a remote over ssh, on loopback' },
  { program: 'gpg', package: 'gnupg', why: 'revisions signed with GPG' },
  { program: 'setpriv', package: 'util-linux', why: 'plays the ordinary user who has a shell on the host' },
];
const COMPILER = ['g++', 'make', 'python3'];
const ADMIN_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const root = fileURLToPath(new URL('..', import.meta.url));
const problem = nodeProblem() ?? (await prepare());
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}

/** @returns {Promise<string | undefined>} what stops the tests, for a person */
async function prepare() {
  const missing = PROGRAMS.filter(({ program, isThere }) => !(isThere?.() ?? isOnPath(program)));
  if (missing.length > 0) await bring(missing);
  const stopped = arePackagesInstalled(root) ? undefined : await withLock(root, preparePackages);
  // After the packages: their installation empties the folder it is kept in.
  if (stopped === undefined) await bringPromtool();
  if (stopped === undefined) await bringNewerRestic();
  return stopped;
}

/** The installed one is tested by everything; the newer one by the tests of versions. */
async function bringNewerRestic() {
  const { output } = await runQuietly('restic', ['version'], { cwd: root, waiting: 'asking restic' });
  if (!/^restic 0\.(\d|1[0-6])\./.test(output) || existsSync(newerResticFile(root))) return;
  if (isOnPath('apt-get') && (await withLock(root, () => fetchNewerRestic(root)))) return;
  console.error('restic 0.18 of Debian 13 could not be had here; the tests on it will be skipped, by name.');
}

async function bringPromtool() {
  if (isOnPath('promtool') || existsSync(promtoolFile(root))) return;
  if (isOnPath('apt-get') && (await withLock(root, () => fetchPromtool(root)))) return;
  console.error('promtool is not here, and the test that checks the metrics with it will fail.');
}

/** @returns {Promise<string | undefined>} */
async function preparePackages() {
  if (arePackagesInstalled(root)) return undefined;
  const first = await installPackages(root);
  if (first.ok) return undefined;
  const canHelp = first.needsCompiler && COMPILER.some((program) => !isOnPath(program));
  if (!canHelp || !(await aptInstall(COMPILER))) return first.message;
  const second = await installPackages(root);
  return second.ok ? undefined : second.message;
}

/**
 * Installs what is missing, or says how. The tests that need it fail or are named as skipped, so going on hides nothing.
 *
 * @param {readonly { program: string, package: string, why: string }[]} missing
 */
async function bring(missing) {
  const packages = [...new Set(missing.map((each) => each.package))];
  if (await aptInstall(packages)) return;
  console.error('Tests need programs that are not here:\n');
  for (const each of missing) console.error(`  ${each.program.padEnd(16)} ${each.why}`);
  console.error(
    `\nOn Debian this installs them:\n\n    sudo apt-get install --no-install-recommends ${packages.join(' ')}\n`,
  );
}

/**
 * @param {readonly string[]} packages
 * @returns {Promise<boolean>} false: not root, no apt, or it failed
 */
async function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return false;
  console.error(`installing for the tests: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  const options = { cwd: root, env };
  // Mirrors have bad moments, and a fresh machine may have a package manager that is still busy.
  for (const attempt of ['first', 'second']) {
    await runShown('apt-get', ['update', '-q'], options);
    if (await runShown('apt-get', args, options)) return true;
    console.error(`apt-get failed at the ${attempt} attempt`);
  }
  return false;
}

/**
 * Modules of Samba lie below the folder of the machine's kind, and newer Debians have them in another package.
 *
 * @returns {boolean}
 */
function hasSambaModules() {
  return readdirSync('/usr/lib').some((kind) => existsSync(join('/usr/lib', kind, 'samba/vfs/fruit.so')));
}

/**
 * @param {string} program
 * @returns {boolean}
 */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), ...ADMIN_FOLDERS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
