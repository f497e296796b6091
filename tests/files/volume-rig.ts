import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirHandle } from '../../daemon/files/dir-handle.ts';
import type {
  DirectoryWant,
  FileFinding,
  FileResult,
  FileWant,
  Ground,
  LinkWant,
} from '../../daemon/files/file-wants.ts';
import { readSentinel } from '../../daemon/files/read-sentinel.ts';
import { SENTINEL_NAME, sentinelText } from '../../daemon/files/sentinel.ts';
import { observe } from '../../daemon/files/observe.ts';
import { putRight } from '../../daemon/files/put-right.ts';
import { wantTree } from '../../daemon/files/want-tree.ts';
import { tempFolder, type TempFolder } from './temp-folder.ts';

/** A host root with one volume, `/flux`, and beside it a folder that nothing may ever change. */
export class VolumeRig implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly root: string;
  readonly outside: string;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.root = join(folder.path, 'root');
    this.outside = join(folder.path, 'outside');
  }

  static async make(): Promise<VolumeRig> {
    const rig = new VolumeRig(await tempFolder('files'));
    mkdirSync(rig.at('/flux'), { recursive: true });
    mkdirSync(join(rig.outside, 'b'), { recursive: true, mode: 0o700 });
    writeFileSync(join(rig.outside, 'b', 'secret'), 'of somebody else');
    return rig;
  }

  /** Where a host path really is. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Permission bits of a host path. */
  mode(path: string): number {
    return statSync(this.at(path)).mode & 0o7777;
  }

  makeDirectory(path: string, mode = 0o755): void {
    mkdirSync(this.at(path), { recursive: true });
    chmodSync(this.at(path), mode);
  }

  /** A volume of the rig as its guard would have seen it; it gets a sentinel if it has none. */
  ground(mount = '/flux'): Ground {
    const sentinel = join(this.at(mount), SENTINEL_NAME);
    if (!existsSync(sentinel))
      writeFileSync(sentinel, sentinelText({ volume: 'flux', id: `id of ${mount}`, host: 'motoko' }));
    const seen = readSentinel(sentinel);
    return {
      mount,
      device: statSync(this.at(mount)).dev,
      sentinel: seen.kind === 'read' ? seen.stamp : '',
    };
  }

  observe(wants: readonly FileWant[]): readonly FileFinding[] {
    using volume = DirHandle.openTrusted(this.at('/flux'));
    return observe(volume, wantTree('/flux', wants));
  }

  putRight(
    wants: readonly FileWant[],
    ids: readonly string[] = wants.map((want) => want.id),
  ): readonly FileResult[] {
    using volume = DirHandle.openTrusted(this.at('/flux'));
    return putRight(volume, wantTree('/flux', wants), new Set(ids));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** A wanted directory on `/flux`. */
export function directory(
  path: string,
  about: Pick<DirectoryWant, 'uid' | 'gid' | 'mode'> = {},
): DirectoryWant {
  return { kind: 'directory', id: `directory:${path}`, path, mount: '/flux', ...about };
}

/** A wanted link on `/flux`. */
export function link(path: string, target: string): LinkWant {
  return { kind: 'link', id: `link:${path}`, path, mount: '/flux', target };
}
