import { randomBytes } from 'node:crypto';
import { isoSeconds } from '../clock.ts';
import { faultOf } from '../errors.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { MoverTools } from './mover-tools.ts';
import type { QuarantineId } from './tree/quarantine.ts';
import type { TreeGround } from './tree/tree-ground.ts';

/** The quarantine of a run, which is written down for as long as anything may be in it. */
export interface OpenQuarantine extends AsyncDisposable {
  readonly id: QuarantineId;
  readonly ground: TreeGround;
}

interface With {
  readonly parts: PolicyParts;
  readonly tools: MoverTools;
}

/** Makes the quarantine of a run, and writes down which directory it is before anything is moved into it. */
export async function openQuarantine(
  { name }: { readonly name: string },
  ground: TreeGround,
  { parts, tools }: With,
): Promise<OpenQuarantine> {
  const hidden = `.anchord-purge-${randomBytes(8).toString('hex')}`;
  const id = await tools.trees.ask({ kind: 'make-quarantine', ground, name: hidden });
  await parts.store.saveFact(factName(name), JSON.stringify({ path: ground.path, id }));
  return {
    id,
    ground,
    async [Symbol.asyncDispose]() {
      try {
        await tools.trees.ask({ kind: 'end-quarantine', ground, quarantine: id, before: 0 });
        await parts.store.saveFact(factName(name), null);
      } catch (error) {
        // The disk or the store is away. It stays written down, and the next run ends it; this one says why it failed.
        parts.emit({ kind: 'policies.failed', fault: faultOf(error) });
      }
    },
  };
}

/** Ends the quarantine that a crash left: what is still old enough goes, everything else goes back. */
export async function endLeftQuarantine(
  policy: string,
  { ground, before }: { readonly ground: TreeGround; readonly before: number },
  { parts, tools }: With,
): Promise<void> {
  const left = parse(await parts.store.fact(factName(policy)));
  if (left === undefined || left.path !== ground.path) return;
  const { files, bytes, removed } = await tools.trees.ask({
    kind: 'end-quarantine',
    ground,
    quarantine: left.id,
    before,
  });
  tools.done.removed += removed;
  tools.done.files += files;
  tools.done.bytes += bytes;
  if (files > 0)
    await parts.ledger.add({ at: isoSeconds(parts.clock.now()), path: ground.path, files, bytes });
  await parts.store.saveFact(factName(policy), null);
}

function factName(policy: string): string {
  return `policy.quarantine.${policy}`;
}

function parse(text: string | undefined): { readonly path: string; readonly id: QuarantineId } | undefined {
  if (text === undefined) return undefined;
  try {
    const { path, id } = JSON.parse(text) as { readonly path?: unknown; readonly id?: Partial<QuarantineId> };
    const isWhole = [path, id?.name, id?.device, id?.inode].every((value) => typeof value === 'string');
    return isWhole ? { path: path as string, id: id as QuarantineId } : undefined;
  } catch {
    return undefined;
  }
}
