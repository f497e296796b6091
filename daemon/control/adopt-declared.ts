import type { Volume } from '../../state-schema/generated/state-file.ts';
import { adoptVolume } from '../guards/adopt-volume.ts';
import type { Host } from '../host.ts';
import type { Refusal } from './control.ts';
import { refuse } from './refuse.ts';

/** Adopts a volume by its declared name. */
export async function adoptDeclared(
  name: string,
  volumes: Readonly<Record<string, Volume>>,
  host: Host,
): Promise<{ readonly kind: 'adopted' } | Refusal> {
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
  return fault === undefined ? { kind: 'adopted' } : refuse(fault);
}
