import type { Volume } from '../../state-schema/generated/state-file.ts';
import { adoptVolume } from '../guards/adopt-volume.ts';
import type { Host } from '../host.ts';
import type { Control } from './control.ts';
import { lookAtVolumes } from './look-at-volumes.ts';
import { refuse } from './refuse.ts';

/** Adopts a volume by its declared name. */
export async function adoptDeclared(
  name: string,
  volumes: Readonly<Record<string, Volume>>,
  host: Host,
): ReturnType<Control['adoptVolume']> {
  const volume = Object.hasOwn(volumes, name) ? volumes[name] : undefined;
  if (volume === undefined) {
    const known = Object.keys(volumes).join(', ');
    const next = known === '' ? 'declare it and push' : `declared are: ${known}`;
    return refuse({ reason: 'NoVolumes', message: `no volume ${JSON.stringify(name)} is declared`, next });
  }
  const fault = await adoptVolume(name, volume, {
    ...host.guards,
    remember: (key, disk) => host.disks.remember(key, disk),
  });
  if (fault !== undefined) return refuse(fault);
  const [adopted] = await lookAtVolumes({ [name]: volume }, host);
  if (adopted === undefined) throw new Error(`Internal error: volume ${name} was not looked at`);
  return { kind: 'adopted', volume: adopted };
}
