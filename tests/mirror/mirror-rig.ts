import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MirrorPolicy } from '../../state-schema/generated/state-file.ts';
import { policyRig, type PolicyRig, type RigOptions } from '../policies/policy-rig.ts';

/** A host with a tree /space, mirrored to a folder in the place of a cloud. */
export interface MirrorRig extends PolicyRig {
  /** The folder behind the remote. */
  readonly cloud: string;
  /** What the mirror holds: content by path. */
  objects(): Promise<Readonly<Record<string, string>>>;
}

/** A usual mirror policy: nightly, from /space to the bucket `mirror`. */
export function mirrorPolicy(change: Partial<MirrorPolicy> = {}): MirrorPolicy {
  return { kind: 'mirror', source: '/space', destination: 'cloud:mirror', schedule: '0 4 * * *', ...change };
}

/** Builds a rig whose policy `space` mirrors so many files `f00`, `f01` …. */
export async function mirrorRig(
  options: Omit<RigOptions, 'policies' | 'overrides'> & {
    readonly policy?: Partial<MirrorPolicy>;
    readonly files?: number;
    /** Options of the remote, when it is not a folder. */
    readonly remote?: Readonly<Record<string, string>> & { readonly type: string };
  } = {},
): Promise<MirrorRig> {
  const cloud = await mkdtemp(join(tmpdir(), 'anchord-cloud-'));
  const remote = options.remote ?? { type: 'alias', remote: cloud };
  const rig = await policyRig({
    ...options,
    policies: { space: mirrorPolicy(options.policy) },
    overrides: { remotes: { cloud: remote } },
  });
  for (let index = 0; index < (options.files ?? 3); index++) {
    const name = `f${String(index).padStart(2, '0')}`;
    await rig.write(`/space/${name}`, `content of ${name}`);
  }
  return {
    ...rig,
    cloud,
    objects: () => contents(join(cloud, 'mirror')),
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await rm(cloud, { recursive: true, force: true });
    },
  };
}

/** Every file below a folder, by its path there. */
export async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries((await Promise.all(read)).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The id of the plan that waits. */
export async function waitingPlan(rig: PolicyRig, policy = 'space'): Promise<string> {
  const result = await rig.engine.plan(policy);
  assert.ok(result.kind === 'preview', result.kind === 'refused' ? result.fault.message : '');
  assert.ok(result.preview.waiting !== undefined, 'no plan waits');
  return result.preview.waiting.id;
}

/**
 * A folder for PATH with an rclone that does something right before one of its commands, as a shell would: to let the
 * world change in the middle of a run.
 */
export async function meddlingRclone(
  folder: string,
  meddle: Readonly<Record<string, string>>,
): Promise<string> {
  const bin = join(folder, 'meddling-bin');
  await mkdir(bin, { recursive: true });
  const cases = Object.entries(meddle).map(([command, shell]) => `${command}) ${shell} ;;`);
  const script = `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\nexec /usr/bin/rclone "$@"\n`;
  await writeFile(join(bin, 'rclone'), script, { mode: 0o755 });
  return `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`;
}
