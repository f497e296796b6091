import { dirname } from 'node:path';
import { watch } from 'chokidar';

/** Changes that come within this are one: an editor makes several. Milliseconds. */
const TOGETHER_MS = 500;

/**
 * Watches files that may come and go, by the folders they lie in; links are not followed. A hint on top of looking
 * regularly: where a folder is missing or the kernel cannot watch, nothing is lost but time. `onChange` must not throw.
 */
export async function watchFiles(files: readonly string[], onChange: () => void): Promise<AsyncDisposable> {
  const wanted = new Set(files);
  const folders = [...new Set(files.map((file) => dirname(file)))];
  let timer: NodeJS.Timeout | undefined;
  function tell(): void {
    timer = undefined;
    onChange();
  }
  const watcher = watch(folders, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (path) => !folders.includes(path) && !wanted.has(path),
  });
  watcher.on('all', (_event, path) => {
    if (wanted.has(path)) timer ??= setTimeout(tell, TOGETHER_MS);
  });
  watcher.on('error', () => {});
  await new Promise<void>((ready) => watcher.once('ready', ready));
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
