import { createHash } from 'node:crypto';
import type { Share, Tier } from '../../state-schema/generated/state-file.ts';
import { isAtOrBelow } from '../../state-schema/checks/path-tree.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { renderSection } from '../samba/render-config.ts';
import { shareSection } from '../samba/share-section.ts';
import type { ShareWant } from '../samba/share-want.ts';
import type { DesiredResource } from './desired.ts';
import type { Footing } from './directory.ts';

/** A declared share as a resource. The digest is of what its section says, not of how the state repo says it. */
export function desiredShare(
  want: ShareWant,
  share: Share,
  place: { readonly serves: boolean },
): DesiredResource {
  const { name, parameters } = shareSection(want, { isUp: true, guard: 'guard' });
  const digest = createHash('sha256').update(renderSection(name, parameters)).digest('hex').slice(0, 32);
  return {
    id: want.id,
    kind: 'share',
    digest,
    detail: detailOf(share),
    volume: want.volume,
    needs: `directory:${want.path}`,
    ...(place.serves ? {} : { simulated: `share ${want.name}` }),
  };
}

/** What Samba has to say of a share. */
export function shareWant(
  name: string,
  share: Share,
  place: { footing: Footing; state: HostState },
): ShareWant {
  const { path, write = [], read = [], recycle, timeMachine } = share;
  const group = place.state.directories[path]?.group;
  return {
    id: `share:${name}`,
    name,
    path,
    volume: place.footing.name,
    writers: write,
    readers: read,
    // Samba takes names of groups only.
    ...(group === undefined || /^\d/.test(group) ? {} : { group }),
    recycle: recycle !== undefined,
    ...(timeMachine === undefined ? {} : { timeMachine: { maxBytes: parseSizeBytes(timeMachine.maxSize) } }),
    hidden: storesBelow(path, place.state),
  };
}

/** Names of the directories below a share in which anchord or restic store what nobody should see or touch. */
function storesBelow(share: string, { policies, catcher }: HostState): readonly string[] {
  const repositories = Object.values(policies).flatMap((policy) =>
    policy.kind === 'backup' && policy.repository.startsWith('/') ? [policy.repository] : [],
  );
  const tiers = Object.values(catcher?.tiers ?? {}).flatMap((tier: Tier | undefined) => tier?.path ?? []);
  const below = [...repositories, ...tiers].filter((path) => isAtOrBelow(path, share) && path !== share);
  return [...new Set(below.map((path) => path.slice(path.lastIndexOf('/') + 1)))].toSorted();
}

function detailOf({ path, write = [], read = [], recycle, timeMachine }: Share): string {
  const parts = [path];
  if (write.length > 0) parts.push(`write ${write.join(' ')}`);
  if (read.length > 0) parts.push(`read ${read.join(' ')}`);
  if (recycle !== undefined) parts.push('recycle');
  if (timeMachine !== undefined) parts.push(`Time Machine ${timeMachine.maxSize}`);
  return parts.join(', ');
}
