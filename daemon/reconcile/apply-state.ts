import type { HostState } from '../../state-schema/host-state.ts';
import { isoSeconds } from '../clock.ts';
import type { Emit } from '../events.ts';
import { FileService } from '../files/file-service.ts';
import { desire } from '../resources/desire.ts';
import type { Store } from '../store/store.ts';
import { findOwners } from './find-owners.ts';
import { endedPass } from './pass-record.ts';
import { reportResources } from './report-resources.ts';
import { applyPass, preparePass, type PassOutcome, type PassParts } from './run-pass.ts';

/** What making a host match a state needs that is not in force. */
export interface ApplyStateParts extends Omit<PassParts, 'files' | 'store'> {
  readonly store: PassParts['store'] & Pick<Store, 'addPass'>;
  readonly setsOwners: boolean;
  readonly emit: Emit;
  /** The folder it comes from, for the history. */
  readonly of: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
}

/** Makes a host match a state once. What is in force stays so, and the next pass of a daemon puts everything back. */
export async function applyState(state: HostState, parts: ApplyStateParts): Promise<PassOutcome> {
  const { guards, setsOwners, inventory, emit } = parts;
  const desired = desire(state, {
    root: guards.root,
    owners: await findOwners(state, { setsOwners, path: guards.path }),
  });
  await using files = new FileService(guards.root);
  await files.ask({ kind: 'declare', wants: desired.files });
  const before = new Map(inventory.items);
  const all = { ...parts, files };
  const outcome = await applyPass(await preparePass(state, desired, all), all);
  reportResources(outcome.settled, before, emit);
  const endedAt = isoSeconds(parts.clock.now());
  const pass = endedPass(outcome.settled, {
    startedAt: parts.startedAt,
    endedAt,
    message: `applied by hand from ${parts.of}`,
  });
  await parts.store.addPass(pass);
  emit({ kind: 'pass.ended', pass });
  return outcome;
}
