import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalLedger } from '../../daemon/policies/removal-ledger.ts';
import type { GraduatePolicy, PurgePolicy } from '../../state-schema/generated/state-file.ts';
import { SmallDisk } from '../rig/small-disk.ts';
import { policyRig, type PolicyRig, type RigOptions } from '../policies/policy-rig.ts';

const DAY_MS = 24 * 60 * 60_000;
const START = new Date();

/** A host in a folder with a directory to purge and one to graduate from. */
export interface MoverRig extends PolicyRig {
  readonly ledger: RemovalLedger;
  /** Makes a file that was touched just now by the clock of the rig. */
  touch(hostPath: string): Promise<string>;
  /** Puts a disk of its own at a host path, until the rig is disposed of. */
  disk(hostPath: string, size?: string): SmallDisk;
  /** Resolves when a run says that it is in this phase. */
  untilProgress(phase: string): Promise<void>;
}

/** So many days after the test began: real files cannot be made older than they are. UTC, ISO 8601. */
export function later(days: number): string {
  return new Date(START.getTime() + days * DAY_MS).toISOString();
}

/** A usual purge policy. */
export function purgePolicy(change: Partial<PurgePolicy> = {}): PurgePolicy {
  return { kind: 'purge', path: '/flux/scratch', after: '7d', schedule: '30 3 * * *', ...change };
}

/** Builds a rig on which the first list of each policy is accepted, unless the test says otherwise. */
export async function moverRig(options: RigOptions): Promise<MoverRig> {
  const rig = await policyRig({ acceptsFirst: true, ...options });
  mkdirSync(join(rig.root, 'flux/scratch'), { recursive: true });
  mkdirSync(join(rig.root, 'flux/active'), { recursive: true });
  mkdirSync(join(rig.root, 'space/projects'), { recursive: true });
  rig.setTime(later(0.01));
  const disks: SmallDisk[] = [];
  return {
    ...rig,
    disk(hostPath, size = '64m') {
      const disk = SmallDisk.mount(join(rig.root, hostPath), size);
      disks.push(disk);
      mkdirSync(join(rig.root, hostPath, 'projects'), { recursive: true });
      return disk;
    },
    async [Symbol.asyncDispose]() {
      await rig.engine[Symbol.asyncDispose]();
      for (const disk of disks) disk[Symbol.dispose]();
      await rig[Symbol.asyncDispose]();
    },
    ledger: new RemovalLedger(join(rig.stateDir, 'removals.jsonl')),
    async touch(hostPath) {
      const file = await rig.write(hostPath, 'new');
      const time = rig.now();
      utimesSync(file, time, time);
      return file;
    },
    untilProgress(phase) {
      return new Promise((resolve, reject) => {
        rig.listen((event) => {
          if (event.kind === 'run.progress' && event.progress.phase === phase) resolve();
          if (event.kind === 'run.ended')
            reject(new Error(`it ended before ${phase}: ${JSON.stringify(event.run)}`));
        });
      });
    },
  };
}

/** A process that has a file open and stands in a directory, until it is disposed of. */
export class Holder implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** `open`: the file; `cwd`: where it stands. */
  constructor(place: { readonly open: string; readonly cwd: string }) {
    const descriptor = openSync(place.open, 'r');
    const stdio = ['ignore' as const, 'ignore' as const, 'ignore' as const, descriptor];
    this.#child = spawn('sleep', ['infinity'], { cwd: place.cwd, stdio });
    closeSync(descriptor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** A usual graduation policy, of a tree on one disk into one on another. */
export function graduatePolicy(change: Partial<GraduatePolicy> = {}): GraduatePolicy {
  return {
    kind: 'graduate',
    from: '/flux/active',
    to: '/space/projects',
    name: '{year}-{name}',
    after: '30d',
    unless: '.keep-local',
    schedule: '0 3 * * *',
    ...change,
  };
}

/** Everything that can be seen of a tree, in lines: kinds, modes, owners, times, links, contents. */
export function picture(dir: string): string {
  const script = `cd "$1" && find . -mindepth 1 -printf '%P|%y|%m|%U:%G|%T@|%l|%n\\0' | LC_ALL=C sort -z | tr '\\0' '\\n'
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum`;
  return execFileSync('sh', ['-c', script, 'sh', dir], { encoding: 'latin1', maxBuffer: 256 * 1024 * 1024 });
}
