import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { VolumeStatus } from '../../state-schema/generated/status.ts';
import { guardVolumes } from '../guards/volume-guard.ts';
import type { Host } from '../host.ts';
import { volumeStatus } from '../status/volume-status.ts';

/** How volumes are now. Changes nothing. */
export async function lookAtVolumes(
  volumes: Readonly<Record<string, Volume>>,
  host: Pick<Host, 'guards'>,
): Promise<readonly VolumeStatus[]> {
  return (await guardVolumes(volumes, host.guards)).map(volumeStatus);
}
