import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { largeState } from './large-state.ts';

const DIRECTORIES = 50;

/** The texts of a state whose newest directory came with push number `push`; 0 is the state before the first. */
export function stateOf(push: number): ReadonlyMap<string, string> {
  return largeState({ directories: DIRECTORIES + push, links: 5, policies: 0 }).files;
}

/** Resolves when the newest directory of a state is there. Ask before it is pushed. */
export function appears(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  const path = join(root, newestOf(files));
  return new Promise((resolve) => {
    const watcher = watch(join(path, '..'), () => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    });
  });
}

/** The last directory that a state declares. */
function newestOf(files: ReadonlyMap<string, string>): string {
  const names = [...(files.get('hosts/bench/directories.yaml') ?? '').matchAll(/^ {2}(\/.+):$/gm)];
  return names.at(-1)?.[1] ?? '';
}
