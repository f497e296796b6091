import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptedDisk } from '../../daemon/guards/adopted-disks.ts';
import { GuardMemory } from '../../daemon/guards/guard-memory.ts';
import { adoptVolume } from '../../daemon/guards/adopt-volume.ts';
import type { VolumeSeen } from '../../daemon/guards/volume-seen.ts';
import { lookAtVolume } from '../../daemon/guards/look-at-volume.ts';
import { SENTINEL_NAME } from '../../daemon/files/sentinel.ts';
import { guardVolumes, type GuardedVolume, type GuardParts } from '../../daemon/guards/volume-guard.ts';
import type { Fault } from '../../daemon/errors.ts';
import { tempFolder, type TempFolder } from '../files/temp-folder.ts';

/** A host under a folder, with a volume that can be adopted. */
export class FolderVolume implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly ids: Map<string, string> = new Map();
  readonly parts: GuardParts;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.parts = {
      root: folder.path,
      mountinfo: '/proc/self/mountinfo',
      path: process.env['PATH'] ?? '',
      host: 'motoko',
      adopted: async () => new Map([...this.ids].map(([name, id]) => [name, { id }])),
      memory: new GuardMemory(),
    };
  }

  static async make(): Promise<FolderVolume> {
    const made = new FolderVolume(await tempFolder('guards'));
    mkdirSync(made.top);
    return made;
  }

  /** Where the volume's top really is. */
  get top(): string {
    return join(this.#folder.path, 'flux');
  }

  /** Where its sentinel really is. */
  get sentinel(): string {
    return join(this.top, SENTINEL_NAME);
  }

  look(): Promise<VolumeSeen> {
    return lookAtVolume('/flux', this.parts, { afresh: true });
  }

  adopt(change: Partial<GuardParts> = {}): Promise<Fault | undefined> {
    const remember = async (name: string, { id }: AdoptedDisk): Promise<void> => void this.ids.set(name, id);
    return adoptVolume('flux', { mount: '/flux' }, { ...this.parts, ...change, remember });
  }

  async guard(): Promise<GuardedVolume['verdict'] | undefined> {
    const [guarded] = await guardVolumes({ flux: { mount: '/flux' } }, this.parts);
    return guarded?.verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}
