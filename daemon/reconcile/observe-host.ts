import type { HostState } from '../../state-schema/host-state.ts';
import type { FileService } from '../files/file-service.ts';
import type { FileWant, Ground } from '../files/file-wants.ts';
import type { GuardVerdict } from '../guards/judge-volume.ts';
import { guardVolumes, volumeOf, type GuardedVolume, type GuardParts } from '../guards/volume-guard.ts';
import type { Desired } from '../resources/desired.ts';
import { observeSchedules } from '../resources/schedule.ts';
import type { ShareView } from '../samba/share-view.ts';
import type { Shares } from '../samba/shares.ts';
import type { InventoryItem, Store } from '../store/store.ts';
import type { Observed } from './plan.ts';
import { shareQuestion } from './share-question.ts';

/** What looking at the host needs. */
export interface ObserveParts {
  readonly files: FileService;
  readonly store: Pick<Store, 'schedules'>;
  readonly guards: GuardParts;
  readonly shares: Pick<Shares, 'observe' | 'apply'>;
  readonly inventory: ReadonlyMap<string, InventoryItem>;
}

/** The host as it is, beside what a revision wants of it. */
export interface HostView extends Observed {
  readonly guarded: readonly GuardedVolume[];
  /** Volumes that file work may touch. */
  readonly grounds: readonly Ground[];
  readonly shares: ShareView;
}

/** Looks at everything a revision wants. Changes nothing. `desired.files` must have been declared to the service. */
export async function observeHost(
  state: HostState,
  desired: Desired,
  parts: ObserveParts,
): Promise<HostView> {
  const guarded = await guardVolumes(state.volumes, parts.guards);
  const grounds = groundsOf(guarded);
  const answer = await parts.files.ask({ kind: 'observe', grounds });
  const leftOver = await lookAtLeftOver(state, desired, { ...parts, grounds });
  const volumes = new Map(guarded.map((one) => [one.name, verdictAfter(one, answer.lost)]));
  const { inventory } = parts;
  const question = shareQuestion(desired, { guarded, volumes, files: answer.findings, inventory });
  return {
    guarded,
    grounds: grounds.filter((ground) => !answer.lost.includes(ground.mount)),
    volumes,
    files: answer.findings,
    schedules: observeSchedules(desired.schedules, await parts.store.schedules()),
    shares: await parts.shares.observe(question),
    inventory,
    leftOver,
  };
}

function groundsOf(guarded: readonly GuardedVolume[]): readonly Ground[] {
  return guarded.flatMap(({ volume, verdict, seen: { sentinel } }) =>
    verdict.kind === 'failed' || sentinel.kind !== 'read'
      ? []
      : [{ mount: volume.mount, device: verdict.device, sentinel: sentinel.stamp }],
  );
}

/** A volume that went away between its guard and the walk counts as failed. */
function verdictAfter(one: GuardedVolume, lost: readonly string[]): GuardVerdict {
  if (one.verdict.kind === 'failed' || !lost.includes(one.volume.mount)) return one.verdict;
  return {
    kind: 'failed',
    fault: {
      reason: 'NotMounted',
      message: `volume ${one.name}: ${one.volume.mount} changed while it was looked at`,
    },
  };
}

/** Managed things that nothing wants any more. What may hold data is only left over while it is really there. */
async function lookAtLeftOver(
  state: HostState,
  desired: Desired,
  parts: ObserveParts & { readonly grounds: readonly Ground[] },
): Promise<Observed['leftOver']> {
  const wanted = new Set(desired.resources.map((resource) => resource.id));
  const left = [...parts.inventory.values()].filter((item) => !wanted.has(item.id));
  const wants = left.flatMap((item) => leftOverWant(item, state));
  const reachable = new Set(parts.grounds.map((ground) => ground.mount));
  const gone = new Set<string>();
  if (wants.length > 0) {
    const { findings } = await parts.files.ask({ kind: 'exist', grounds: parts.grounds, wants });
    for (const finding of findings) if (finding.seen.kind === 'absent') gone.add(finding.id);
  }
  const checked = new Set(wants.filter((want) => reachable.has(want.mount)).map((want) => want.id));
  return left.map(({ id, kind }) => {
    const holdsData = kind === 'directory' || kind === 'link';
    return { id, kind, gone: !holdsData || (checked.has(id) && gone.has(id)) };
  });
}

function leftOverWant(item: InventoryItem, state: HostState): readonly FileWant[] {
  if (item.kind !== 'directory' && item.kind !== 'link') return [];
  const path = item.id.slice(item.id.indexOf(':') + 1);
  const found = volumeOf(path, state.volumes);
  return found === undefined ? [] : [{ kind: 'directory', id: item.id, path, mount: found.volume.mount }];
}
