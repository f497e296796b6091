import type { FileFinding } from '../files/file-wants.ts';
import { sentinelText } from '../files/sentinel.ts';
import type { GuardVerdict } from '../guards/judge-volume.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import type { Desired } from '../resources/desired.ts';
import type { VolumeMark } from '../samba/guard-script.ts';
import type { ShareQuestion } from '../samba/share-view.ts';
import type { InventoryItem } from '../store/store.ts';

/** What a pass has seen before it asks about shares. */
export interface SeenForShares {
  readonly guarded: readonly GuardedVolume[];
  readonly volumes: ReadonlyMap<string, GuardVerdict>;
  readonly files: readonly FileFinding[];
  readonly inventory: ReadonlyMap<string, InventoryItem>;
}

/** What to ask about shares: which are wanted, which must not be available now, and what their guard has to find. Pure. */
export function shareQuestion(desired: Desired, seen: SeenForShares): ShareQuestion {
  const blocked = new Set(seen.files.filter(isBlocked).map(({ id }) => id));
  function isDown(volume: string): boolean {
    return (seen.volumes.get(volume)?.kind ?? 'failed') === 'failed';
  }
  const down = desired.shares.filter(
    ({ volume, path }) => isDown(volume) || blocked.has(`directory:${path}`),
  );
  return {
    wants: desired.shares,
    down: new Set(down.map(({ id }) => id)),
    known: new Set(
      [...seen.inventory.values()]
        .filter(({ kind }) => kind === 'share')
        .map(({ id }) => id.slice('share:'.length)),
    ),
    marks: seen.guarded.flatMap((one) => (isDown(one.name) ? [] : markOf(one))),
  };
}

/** What stands there is no directory: nobody is sent into it. One that is not there yet is made in this pass. */
function isBlocked({ seen }: FileFinding): boolean {
  return seen.kind !== 'directory' && seen.kind !== 'absent';
}

function markOf({ name, volume, seen: { sentinel } }: GuardedVolume): readonly VolumeMark[] {
  if (sentinel.kind !== 'read') return [];
  return [{ name, mount: volume.mount, sentinel: sentinelText(sentinel.value) }];
}
