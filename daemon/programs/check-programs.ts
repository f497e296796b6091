import { LIFECYCLE_SINCE } from '../commands/rclone-lifecycle.ts';
import { mirrorMemoryBytes } from '../commands/rclone-mirror.ts';
import { isAtLeast } from '../commands/rclone-version.ts';
import { run } from '../process/run.ts';
import type { ProgramNeed } from './program-needs.ts';
import { breaksTimeMachine, parseSambaVersion } from '../samba/samba-version.ts';

/** One thing that was looked at. `note`: works, but something will not; `bad`: nothing will; `later`: not needed yet. */
export interface Finding {
  readonly level: 'good' | 'later' | 'note' | 'bad';
  readonly message: string;
  /** The command that mends it. */
  readonly remedy?: string;
}

/** A host program: how to ask its version, the least that works, and what is lost without it. */
interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** How it tells its version; without one it only has to be there. */
  readonly version?: RegExp;
  /** What asks for it in the host settings; without one, every host should have it. */
  readonly for?: ProgramNeed;
  readonly least?: readonly [number, number];
  readonly debian: string;
  /** What is known to be wrong with the version that it tells of. */
  readonly fault?: (said: string) => string | undefined;
  /** What a person should know of the version that is there. */
  readonly words?: (version: readonly [number, number]) => string;
  readonly without: { readonly level: Exclude<Finding['level'], 'good'>; readonly words: string };
}

const PROGRAMS: readonly Program[] = [
  // 2.34 brought SSH signatures, https://git-scm.com/docs/gitformat-signature
  {
    name: 'git',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    least: [2, 34],
    debian: 'git',
    without: { level: 'bad', words: 'the state repo cannot be read' },
  },
  {
    name: 'ssh',
    for: 'ssh',
    args: ['-V'],
    version: /OpenSSH_\D*(\d+)\.(\d+)/,
    debian: 'openssh-client',
    without: { level: 'bad', words: 'the host settings name a remote over ssh, which cannot be reached' },
  },
  {
    name: 'ssh-keygen',
    for: 'ssh-signatures',
    args: ['-?'],
    debian: 'openssh-client',
    without: { level: 'bad', words: 'no SSH signature can be checked or made, as the host settings ask' },
  },
  {
    name: 'gpg',
    for: 'openpgp-signatures',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'gnupg',
    without: { level: 'bad', words: 'no OpenPGP signature can be checked, as the host settings ask' },
  },
  {
    name: 'restic',
    args: ['version'],
    version: /restic (\d+)\.(\d+)/,
    least: [0, 14],
    debian: 'restic',
    without: { level: 'note', words: 'no backup runs' },
  },
  {
    name: 'rsync',
    args: ['--version'],
    version: /version (\d+)\.(\d+)/,
    least: [3, 1],
    debian: 'rsync',
    without: { level: 'note', words: 'nothing is moved to another disk' },
  },
  {
    name: 'flock',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'util-linux',
    without: { level: 'bad', words: 'nothing can be locked' },
  },
  {
    name: 'lsblk',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'util-linux',
    without: { level: 'note', words: 'disks cannot be identified' },
  },
  {
    name: 'rclone',
    args: ['version'],
    version: /v(\d+)\.(\d+)/,
    least: [1, 60],
    debian: 'rclone',
    without: { level: 'note', words: 'no remote is reached: no mirror and no backup to one runs' },
    words: rcloneWords,
  },
  {
    name: 'testparm',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'samba-common-bin',
    without: { level: 'note', words: 'no share is checked or served' },
  },
  {
    name: 'smbd',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'samba samba-vfs-modules',
    without: { level: 'note', words: 'no share is served' },
    fault: timeMachineFault,
  },
  {
    name: 'smbclient',
    args: ['--version'],
    version: /(\d+)\.(\d+)/,
    debian: 'smbclient',
    without: { level: 'note', words: 'no share can be tried, so none is served' },
  },
];

/** Looks for every host program and its version; for those that only some hosts need, where the settings ask for them. */
export function checkPrograms(path: string, needs: ReadonlySet<ProgramNeed>): Promise<readonly Finding[]> {
  const asked = PROGRAMS.filter((program) => program.for === undefined || needs.has(program.for));
  return Promise.all(asked.map((program) => checkProgram(program, path)));
}

async function checkProgram(program: Program, path: string): Promise<Finding> {
  const result = await run({
    program: program.name,
    args: program.args,
    // A person who is not root seldom has smbd's folder in the PATH; the daemon has.
    env: { PATH: `${path}:/usr/sbin`, LC_ALL: 'C', HOME: '/nonexistent' },
    timeoutMs: 10_000,
  });
  const remedy = `apt install ${program.debian}`;
  if (result.end === 'not-found') {
    return {
      level: program.without.level,
      message: `${program.name} is not installed: ${program.without.words}`,
      remedy,
    };
  }
  if (program.version === undefined) return { level: 'good', message: program.name };
  const found = program.version.exec(`${result.stdout}${result.stderr}`);
  if (found === null) return { level: 'note', message: `${program.name} does not tell its version`, remedy };
  const version = [Number(found[1]), Number(found[2])] as const;
  const [major, minor] = program.least ?? [0, 0];
  if (version[0] < major || (version[0] === major && version[1] < minor)) {
    return {
      level: program.without.level,
      message: `${program.name} ${version.join('.')} is older than ${major}.${minor}: ${program.without.words}`,
      remedy,
    };
  }
  const fault = program.fault?.(result.stdout);
  if (fault !== undefined) return { level: 'note', message: fault, remedy };
  const words = program.words?.(version);
  const more = words === undefined ? '' : `: ${words}`;
  return { level: 'good', message: `${program.name} ${version.join('.')}${more}` };
}

function rcloneWords([major, minor]: readonly [number, number]): string {
  const memory = `a mirror holds at most ${mirrorMemoryBytes(1) / 1024 ** 2} MiB for each of its transfers`;
  return isAtLeast({ major, minor }, LIFECYCLE_SINCE)
    ? memory
    : `${memory}; how long B2 keeps what a mirror deletes, only 1.65 and later can ask`;
}

function timeMachineFault(said: string): string | undefined {
  const version = parseSambaVersion(said);
  if (version === undefined || !breaksTimeMachine(version)) return undefined;
  const { major, minor, patch } = version;
  return `samba ${major}.${minor}.${patch} has a fault that breaks Time Machine (its bug 15926)`;
}
