import { parentPort, workerData } from 'node:worker_threads';
import { DirHandle } from './dir-handle.ts';
import type { FileAnswer, FileRequest, Numbered } from './file-protocol.ts';
import type { FileFinding, FileResult, FileWant, Ground } from './file-wants.ts';
import { observe } from './observe.ts';
import { putRight } from './put-right.ts';
import { segmentsBelow, wantTree, type WantNode } from './want-tree.ts';

/** The worker's side of the file service: synchronous work, so that a hung disk hangs this thread and no other. */
class FileWorker {
  readonly #root: string;
  readonly #trees = new Map<string, WantNode>();

  constructor(root: string) {
    this.#root = root;
  }

  answer(request: FileRequest): FileAnswer {
    switch (request.kind) {
      case 'declare':
        this.#trees.clear();
        for (const [mount, wants] of byMount(request.wants)) this.#trees.set(mount, wantTree(mount, wants));
        return { findings: [], results: [], lost: [] };
      case 'observe':
        return this.#onEach(request.grounds, (volume, tree) => ({
          findings: observe(volume, tree),
          results: [],
        }));
      case 'put-right': {
        const ids = new Set(request.ids);
        return this.#onEach(request.grounds, (volume, tree) => ({
          findings: [],
          results: putRight(volume, tree, ids),
        }));
      }
      case 'exist': {
        const mounts = byMount(request.wants);
        return this.#onEach(request.grounds, (volume, _tree, mount) => ({
          findings: observe(volume, wantTree(mount, mounts.get(mount) ?? [])),
          results: [],
        }));
      }
    }
  }

  #onEach(
    grounds: readonly Ground[],
    act: (volume: DirHandle, tree: WantNode, mount: string) => Work,
  ): FileAnswer {
    const findings: FileFinding[] = [];
    const results: FileResult[] = [];
    const lost: string[] = [];
    for (const ground of grounds) {
      const volume = this.#openVolume(ground);
      if (volume === undefined) {
        lost.push(ground.mount);
        continue;
      }
      using handle = volume;
      const work = act(handle, this.#trees.get(ground.mount) ?? wantTree(ground.mount, []), ground.mount);
      findings.push(...work.findings);
      results.push(...work.results);
    }
    return { findings, results, lost };
  }

  /**
   * The open root of a volume, or nothing when it is not what the guard saw a moment ago. What is asked of the open root
   * stays so: it holds the disk, whatever is mounted over it or taken away from then on.
   */
  #openVolume(ground: Ground): DirHandle | undefined {
    let handle: DirHandle | undefined;
    try {
      handle = DirHandle.openTrusted(this.#root);
      for (const name of segmentsBelow('/', ground.mount)) {
        const parent: DirHandle = handle;
        handle = parent.open(name);
        parent[Symbol.dispose]();
      }
      if (handle.stat().dev === ground.device && stampOf(handle) === ground.sentinel) return handle;
    } catch {
      // Reported as lost: the next guard says why in its own words.
    }
    handle?.[Symbol.dispose]();
    return undefined;
  }
}

function stampOf(volume: DirHandle): string | undefined {
  const seen = volume.sentinel();
  return seen.kind === 'read' ? seen.stamp : undefined;
}

interface Work {
  readonly findings: readonly FileFinding[];
  readonly results: readonly FileResult[];
}

function byMount(wants: readonly FileWant[]): ReadonlyMap<string, FileWant[]> {
  const mounts = new Map<string, FileWant[]>();
  for (const want of wants) {
    const list = mounts.get(want.mount);
    if (list === undefined) mounts.set(want.mount, [want]);
    else list.push(want);
  }
  return mounts;
}

const port = parentPort;
if (port !== null) {
  const worker = new FileWorker((workerData as { readonly root: string }).root);
  port.on('message', (request: Numbered<FileRequest>) => {
    port.postMessage({
      number: request.number,
      body: worker.answer(request.body),
    } satisfies Numbered<FileAnswer>);
  });
}
