import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { checkBranch, parseRemote } from './remote.ts';

/** How often to look whether the watched folders are still the same ones, milliseconds. */
const SAME_FOLDERS_EVERY_MS = 1_000;

/** What to watch, and whom to tell. */
export interface RefWatch {
  /** The state repo; only a folder of this machine can be watched. */
  readonly url: string;
  readonly branch: string;
  /** Called when the branch may have moved. Must not throw. It says nothing of where to: ask the remote. */
  readonly onChange: () => void;
}

/**
 * Watches one branch of a repository on this machine, so that a push is seen within milliseconds. Undefined for any
 * other remote. Survives the repository being moved away, made anew or mounted later. It is a hint on top of polling:
 * where the kernel cannot watch, nothing is lost but time.
 */
export async function watchRef(request: RefWatch): Promise<AsyncDisposable | undefined> {
  const remote = parseRemote(request.url);
  checkBranch(request.branch);
  if (remote.kind !== 'path') return undefined;
  const watcher = new RefWatcher(remote.path, request);
  await watcher.start();
  return watcher;
}

/** The two folders in which a branch can change, and the identity they were seen with. */
interface Folders {
  /** The repository itself: `packed-refs` is here. */
  readonly repository: string;
  /** The folder of the branch's file, or the nearest one above that exists. */
  readonly ref: string;
  /** The name in `ref` to wait for: the branch's file, or the first folder on the way to it. */
  readonly name: string;
  readonly identity: string;
}

class RefWatcher implements AsyncDisposable {
  readonly #path: string;
  readonly #request: RefWatch;
  #folders: Folders | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #arming: Promise<void> = Promise.resolve();
  #isLost = false;
  #isClosed = false;

  constructor(path: string, request: RefWatch) {
    this.#path = path;
    this.#request = request;
  }

  async start(): Promise<void> {
    await this.#arm();
    // A watch is on a folder, not on its name: only looking tells that another one took its place.
    this.#timer = setInterval(() => this.#rearm(), SAME_FOLDERS_EVERY_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#arming;
    await this.#watcher?.close();
  }

  #rearm(): void {
    this.#arming = this.#arming.then(() => this.#armIfMoved());
  }

  async #armIfMoved(): Promise<void> {
    if (this.#isClosed) return;
    const folders = await findFolders(this.#path, this.#request.branch);
    if (folders?.identity === this.#folders?.identity && !this.#isLost) return;
    await this.#arm(folders);
    // What happened between the old watch and the new one was not seen.
    if (folders !== undefined) this.#request.onChange();
  }

  async #arm(found?: Folders): Promise<void> {
    const folders = found ?? (await findFolders(this.#path, this.#request.branch));
    await this.#watcher?.close();
    this.#watcher = undefined;
    this.#folders = folders;
    this.#isLost = false;
    if (folders === undefined) return;
    const watched = [folders.ref, folders.repository];
    const watcher = watch(watched, {
      depth: 0,
      ignoreInitial: true,
      atomic: false,
      // The two folders alone: by itself chokidar would also watch every file in them.
      ignored: (path) => !watched.includes(path),
    });
    // Chokidar's own events wait for a listing of the folder, and are held back when they come fast; the raw ones of
    // inotify name the file at once, and git moves a ref by a single rename.
    watcher.on('raw', (_event: string, name: string | null, details: unknown) =>
      this.#onRaw(folders, name, details),
    );
    watcher.on('error', () => this.#rearm());
    this.#watcher = watcher;
    await new Promise<void>((ready) => watcher.once('ready', ready));
  }

  #onRaw(folders: Folders, name: string | null, details: unknown): void {
    if (this.#isClosed) return;
    const folder = watchedPath(details);
    if (folder !== undefined && name === basename(folder)) {
      // inotify's last word on a folder that was removed. The next one may have the same inode number.
      this.#isLost = true;
      this.#rearm();
    }
    const isPacked = folder === folders.repository && name === 'packed-refs';
    if (folder === folders.ref && name === folders.name) this.#onRef(folders);
    else if (isPacked) this.#request.onChange();
  }

  #onRef(folders: Folders): void {
    const isFile = join(folders.ref, folders.name).endsWith(`/refs/heads/${this.#request.branch}`);
    if (isFile) this.#request.onChange();
    else this.#rearm();
  }
}

async function findFolders(path: string, branch: string): Promise<Folders | undefined> {
  const repository = await findRepository(path);
  if (repository === undefined) return undefined;
  const parts = ['refs', 'heads', ...branch.split('/')];
  for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
    const ref = join(repository, ...parts.slice(0, depth));
    const seen = await identityOf(ref);
    const name = parts[depth];
    if (seen === undefined || name === undefined) continue;
    return { repository, ref, name, identity: `${await identityOf(repository)} ${seen} ${name}` };
  }
  return undefined;
}

/** The folder with the refs: of a bare repository, of a work tree, or of the repository a linked work tree belongs to. */
async function findRepository(path: string): Promise<string | undefined> {
  const inside = join(path, '.git');
  if ((await identityOf(inside)) !== undefined) return inside;
  if ((await identityOf(join(path, 'refs'))) !== undefined) return path;
  const linked = /^gitdir: (.+)$/m.exec(await contentOf(inside))?.[1];
  if (linked === undefined) return undefined;
  const own = resolve(path, linked);
  const shared = (await contentOf(join(own, 'commondir'))).trim();
  return shared === '' ? own : resolve(own, shared);
}

async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const seen = await stat(folder);
    return seen.isDirectory() ? `${seen.dev}:${seen.ino}` : undefined;
  } catch {
    // Not there, for now.
    return undefined;
  }
}

async function contentOf(file: string): Promise<string> {
  try {
    return (await stat(file)).isFile() ? await readFile(file, 'utf8') : '';
  } catch {
    // Not there: an ordinary repository has no such file.
    return '';
  }
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return undefined;
  return typeof details.watchedPath === 'string' ? details.watchedPath : undefined;
}
