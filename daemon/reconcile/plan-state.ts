import type { HostState } from '../../state-schema/host-state.ts';
import { FileService } from '../files/file-service.ts';
import type { GuardParts } from '../guards/volume-guard.ts';
import { desire } from '../resources/desire.ts';
import { notCarriedOut } from '../status/not-carried-out.ts';
import type { Shares } from '../samba/shares.ts';
import type { InventoryItem, Store } from '../store/store.ts';
import { findOwners } from './find-owners.ts';
import type { Flaps } from './flaps.ts';
import { planReport, type PlanReport } from './plan-report.ts';
import { preparePass } from './run-pass.ts';

/** What planning needs of a host. */
export interface PlanStateParts {
  readonly store: Pick<Store, 'schedules'>;
  readonly guards: GuardParts;
  readonly inventory: ReadonlyMap<string, InventoryItem>;
  readonly setsOwners: boolean;
  readonly shares: Shares;
  readonly flaps: Pick<Flaps, 'leftAlone'>;
}

/** What a pass would do if a state were in force. Looks with a file service of its own, so that nothing in force is touched. */
export async function planState(
  candidate: { readonly of: string; readonly state: HostState },
  parts: PlanStateParts,
): Promise<PlanReport> {
  const { state, of } = candidate;
  const { guards, store, setsOwners } = parts;
  const desired = desire(state, {
    root: guards.root,
    owners: await findOwners(state, { setsOwners, path: guards.path }),
  });
  await using files = new FileService(guards.root);
  await files.ask({ kind: 'declare', wants: desired.files });
  const { plan } = await preparePass(state, desired, {
    files,
    store,
    guards,
    shares: parts.shares,
    inventory: { items: parts.inventory },
    flaps: parts.flaps,
  });
  return planReport({ host: guards.host, of, desired, plan, notCarriedOut: notCarriedOut(state) });
}
