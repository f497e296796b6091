import type { HostState } from '../../state-schema/host-state.ts';
import { volumeOf } from '../guards/volume-guard.ts';
import { carriedOut } from '../policies/carried-out.ts';
import type { FileWant } from '../files/file-wants.ts';
import type { Desired, DesiredResource } from './desired.ts';
import { desiredDirectory, directoryWant, type Footing } from './directory.ts';
import { desiredLink, linkWant } from './link.ts';
import type { Owners } from './owners.ts';
import { desiredSchedule, scheduleWant } from './schedule.ts';
import type { ScheduleWant } from './schedule-want.ts';
import { desiredShare, shareWant } from './share.ts';
import { desiredVolume, volumeTopWant } from './volume.ts';
import { wantedDirectories } from './wanted-directories.ts';

/** Everything a host state wants of the host, in the order of dependencies. Pure. */
export function desire(state: HostState, place: { readonly root: string; readonly owners: Owners }): Desired {
  const resources: DesiredResource[] = [];
  const files: FileWant[] = [];
  for (const [name, volume] of Object.entries(state.volumes)) {
    resources.push(desiredVolume(name, volume));
    if (!Object.hasOwn(state.directories, volume.mount))
      files.push(volumeTopWant(name, volume, place.owners));
  }
  for (const [path, directory] of wantedDirectories(state)) {
    const footing = footingOf(path, state);
    if (footing === undefined) continue;
    resources.push(desiredDirectory(path, directory, { footing, owners: place.owners }));
    files.push(directoryWant(path, directory, { footing, owners: place.owners }));
  }
  for (const [path, link] of Object.entries(state.links)) {
    const footing = footingOf(path, state);
    if (footing === undefined) continue;
    resources.push(desiredLink(path, link, footing));
    files.push(linkWant(path, link, { footing, root: place.root }));
  }
  const schedules = schedulesOf(state);
  resources.push(...schedules.map(desiredSchedule));
  const shares = [];
  for (const [name, share] of Object.entries(state.shares)) {
    const footing = footingOf(share.path, state);
    if (footing === undefined) continue;
    const want = shareWant(name, share, { footing, state });
    shares.push(want);
    resources.push(desiredShare(want, share, { serves: place.owners.kind === 'real' }));
  }
  return { resources, files, schedules, shares };
}

function footingOf(path: string, state: HostState): Footing | undefined {
  const found = volumeOf(path, state.volumes);
  return found === undefined ? undefined : { name: found.name, mount: found.volume.mount };
}

/** Only policies that this version carries out have a schedule: the others must not look as if they ran. */
function schedulesOf(state: HostState): readonly ScheduleWant[] {
  return Object.entries(state.policies)
    .filter(([, policy]) => carriedOut(policy) === undefined)
    .map(([name, policy]) => scheduleWant(name, policy, state.host.timezone));
}
