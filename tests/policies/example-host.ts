import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateDirectory } from '../../daemon/cli/validate-directory.ts';
import { EXAMPLE } from '../../daemon/demo/make-demo.ts';
import { carriedOut } from '../../daemon/policies/carried-out.ts';
import { runnablePolicies, type RunnablePolicy } from '../../daemon/policies/runnable-policies.ts';
import type { OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import { makeKeyCheap } from './cheap-key.ts';
import { PASSWORD, policyRig, RESTIC_DIR, type PolicyRig } from './policy-rig.ts';
import { shownAt } from './slots-of.ts';

/** The host of the example repo, in a folder, on a clock that goes from slot to slot. */
export interface ExampleHost extends AsyncDisposable {
  readonly rig: PolicyRig;
  readonly state: HostState;
  /** What this version carries out of the example, by name. */
  readonly policies: Readonly<Record<string, RunnablePolicy>>;
  /** Lets time pass up to a moment: each slot is run to its end before the next comes. */
  runUntil(end: Date): Promise<void>;
  /** When the snapshots of a backup were taken, by the clock of the host, oldest first. */
  snapshots(policy: string): Promise<readonly string[]>;
  /** All runs of a policy, oldest first. */
  runs(policy: string): Promise<readonly Run[]>;
}

/** Opens it at a moment, with every repository made and something in each place that a policy works on. */
export async function exampleHost(start: Date): Promise<ExampleHost> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-example-'));
  const state = await exampleState();
  const overrides = await cloudAndSecrets(folder, state);
  const clock = join(folder, 'clock');
  const path = `${await resticWithClock(folder, clock)}:${RESTIC_DIR}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const rig = await policyRig({
    folder,
    state,
    path,
    overrides,
    start: start.toISOString(),
    acceptsFirst: true,
  });
  const { timezone } = state.host;
  async function setTime(time: Date): Promise<void> {
    rig.setTime(time.toISOString());
    await writeFile(
      clock,
      new Date(shownAt(time.getTime(), timezone)).toISOString().slice(0, 19).replace('T', ' '),
    );
  }
  await setTime(start);
  await fill(rig);
  const policies = Object.fromEntries(
    Object.entries(runnablePolicies(state, false)).filter(([, policy]) => carriedOut(policy) === undefined),
  );
  for (const [name, policy] of Object.entries(policies)) {
    if (policy.kind !== 'backup') continue;
    const made = await rig.engine.init(name);
    assert.ok(made.kind !== 'refused', made.kind === 'refused' ? made.fault.message : '');
    await makeKeyCheap(folderOf(policy.repository, folder), PASSWORD);
  }
  return {
    rig,
    state,
    policies,
    async runUntil(end) {
      await settle(rig);
      for (let slot = await nextSlot(rig); slot <= end; slot = await nextSlot(rig)) {
        await setTime(slot);
        await rig.write(`/flux/active/notes/${slot.getTime() % 7}.txt`, slot.toISOString());
        await settle(rig);
      }
      await setTime(end);
      await settle(rig);
    },
    async snapshots(name) {
      const policy = state.policies[name];
      assert.ok(policy?.kind === 'backup');
      const place = folderOf(policy.repository, folder).slice(rig.root.length);
      const text = await rig.restic(
        policy.repository.startsWith('/') ? place : `../${place}`,
        'snapshots',
        '--json',
      );
      return (JSON.parse(text) as readonly { readonly time: string; readonly tags?: readonly string[] }[])
        .filter(({ tags }) => tags?.includes(`policy:${name}`) === true)
        .map(({ time }) => time.slice(0, 16).replace('T', ' '))
        .toSorted();
    },
    async runs(policy) {
      return (await rig.store.runs({ policy })).toReversed();
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

async function exampleState(): Promise<HostState> {
  const [validation] = await validateDirectory({ dir: EXAMPLE, host: 'motoko' });
  assert.ok(validation?.result.ok === true);
  return validation.result.state;
}

/** What the demo does: a folder for each remote, a file for each secret. */
async function cloudAndSecrets(folder: string, state: HostState): Promise<OverrideSettings> {
  const remotes: Record<string, { type: string; remote: string }> = {};
  for (const name of Object.keys(state.remotes)) {
    remotes[name] = { type: 'alias', remote: join(folder, 'cloud', name) };
    await mkdir(join(folder, 'cloud', name), { recursive: true });
  }
  const file = join(folder, 'secret');
  await writeFile(file, PASSWORD, { mode: 0o600 });
  const secrets = Object.fromEntries(Object.keys(state.secrets).map((name) => [name, { file }]));
  return { remotes, secrets };
}

/** restic takes the time of a snapshot from the machine: here from a file. */
async function resticWithClock(folder: string, clock: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const file = join(bin, 'restic');
  const script = `#!/bin/sh
for word; do
  if [ "$word" = backup ]; then exec ${RESTIC_DIR}/restic "--time=$(cat ${clock})" "$@"; fi
done
exec ${RESTIC_DIR}/restic "$@"
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return bin;
}

async function fill(rig: PolicyRig): Promise<void> {
  await rig.write('/flux/active/notes/readme.txt', 'what changes all the time');
  await rig.write('/flux/scratch/old.txt', 'what nobody needs');
  await rig.write('/flux/models/weights.bin', 'what never changes');
  await rig.write('/space/projects/2025-thesis/thesis.txt', 'what is done');
  await rig.write('/space/media/song.txt', 'la');
}

function folderOf(repository: string, folder: string): string {
  const remote = /^rclone:([^:]+):(.*)$/.exec(repository);
  return remote === null
    ? join(folder, 'host', repository)
    : join(folder, 'cloud', remote[1] ?? '', remote[2] ?? '');
}

async function nextSlot(rig: PolicyRig): Promise<Date> {
  const times = (await rig.store.schedules()).map(({ nextRunAt }) => Date.parse(nextRunAt));
  return new Date(Math.min(...times));
}

/** Begins what is due and waits until nothing runs and nothing more is due. */
async function settle(rig: PolicyRig): Promise<void> {
  for (let begun = -1; begun !== count(rig, 'run.started');) {
    begun = count(rig, 'run.started');
    await rig.engine.wake();
    while (count(rig, 'run.started') > count(rig, 'run.ended')) await rig.next('run.ended');
  }
}

function count(rig: PolicyRig, kind: 'run.started' | 'run.ended'): number {
  return rig.events.filter((event) => event.kind === kind).length;
}
