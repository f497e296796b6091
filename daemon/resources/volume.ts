import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { DirectoryWant } from '../files/file-wants.ts';
import type { DesiredResource } from './desired.ts';
import type { Owners } from './owners.ts';

const TOP_MODE = 0o755;

/** A volume as a resource. */
export function desiredVolume(name: string, volume: Volume): DesiredResource {
  return { id: volumeId(name), kind: 'volume', digest: JSON.stringify(volume), detail: volume.mount };
}

/** The id of a volume's resource. */
export function volumeId(name: string): string {
  return `volume:${name}`;
}

/** A volume's top belongs to root and only root writes there, so that nobody can take a share's directory away. */
export function volumeTopWant(name: string, volume: Volume, owners: Owners): DirectoryWant {
  const owner = owners.kind === 'real' ? { uid: 0, gid: 0 } : {};
  return {
    kind: 'directory',
    id: volumeId(name),
    path: volume.mount,
    mount: volume.mount,
    mode: TOP_MODE,
    ...owner,
  };
}
