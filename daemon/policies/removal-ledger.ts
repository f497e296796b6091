import { appendFile, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InTurn } from '../in-turn.ts';
import { writeDurably } from './plans/write-durably.ts';

/** Past this size the oldest lines go. Bytes. */
const LARGE_BYTES = 1024 * 1024;
/** Nobody compares with what was longer ago. Milliseconds. */
const KEPT_MS = 100 * 24 * 60 * 60_000;

/** What anchord itself took away from a tree. */
export interface Removed {
  readonly files: number;
  readonly bytes: number;
}

/** One line of the ledger. */
export interface LedgerLine extends Removed {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Host path of what went, or of the directory in which it was. */
  readonly path: string;
}

/**
 * What anchord's own policies took away from where, one JSON line each, in a file of the state directory. Backups and
 * mirrors subtract it before they hold a source for shrunken. A line that a crash tore off is passed over: then somebody
 * is asked once too often, never once too seldom.
 */
export class RemovalLedger {
  readonly #file: string;
  readonly #turns = new InTurn();

  constructor(file: string) {
    this.#file = file;
  }

  /** Adds a line, durably. */
  add(line: LedgerLine): Promise<void> {
    return this.#turns.run(async () => {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      // A line of its own, even after one that a crash left without its end.
      await appendFile(this.#file, `\n${JSON.stringify(line)}\n`, { mode: 0o600 });
      await using handle = await open(this.#file);
      await handle.sync();
      if ((await stat(this.#file)).size > LARGE_BYTES) await this.#shorten(line.at);
    });
  }

  /** What went from a tree, given by its host path, at or after a time in UTC, ISO 8601. */
  async movedSince(tree: string, since: string): Promise<Removed> {
    const inside = tree === '/' ? '/' : `${tree}/`;
    const from = Date.parse(since);
    let files = 0;
    let bytes = 0;
    for (const line of await this.#lines()) {
      const isThere = line.path === tree || line.path.startsWith(inside);
      if (!isThere || Date.parse(line.at) < from) continue;
      files += line.files;
      bytes += line.bytes;
    }
    return { files, bytes };
  }

  async #shorten(now: string): Promise<void> {
    const oldest = Date.parse(now) - KEPT_MS;
    const kept = (await this.#lines()).filter(({ at }) => Date.parse(at) >= oldest);
    // When all of it is new the half that is newest stays, so that not every line writes the whole file.
    const newest = kept.slice(-Math.ceil(kept.length / 2));
    await writeDurably(this.#file, newest.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  async #lines(): Promise<readonly LedgerLine[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text.split('\n').flatMap((line) => parseLine(line) ?? []);
  }
}

function parseLine(text: string): LedgerLine | undefined {
  try {
    const { at, path, files, bytes } = JSON.parse(text) as Partial<Record<keyof LedgerLine, unknown>>;
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof path !== 'string') return undefined;
    return isCount(files) && isCount(bytes) ? { at, path, files, bytes } : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
