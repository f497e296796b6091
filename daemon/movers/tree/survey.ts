import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { matchesPattern } from './name-pattern.ts';
import { isOwnName, nameText, type RawName } from './raw-name.ts';
import type { TreeDir } from './tree-dir.ts';

/** Directories below one another; each is a descriptor and a frame of the stack while it is walked. */
const DEEPEST = 500;
const BLOCK_BYTES = 512n;

/** What is asked of a survey. */
export interface SurveyQuestion {
  /** Names of the host path of the directory, for patterns that are host paths. */
  readonly path: readonly RawName[];
  readonly exclude: readonly string[];
  /** The disk and the mount that the tree is on, see `TreeDir`: nothing on another one is looked at. */
  readonly device: bigint;
  readonly mount: string;
  /** Inodes of the disk that somebody has open. */
  readonly open: ReadonlySet<bigint>;
  /** Called for each thing seen; throws to stop. */
  readonly onEntry: () => void;
}

/** One entry of a directory with all that is below it. */
export interface EntrySeen {
  readonly kind: 'directory' | 'other';
  /** The newest of all modifications and changes in it, in milliseconds since 1970. */
  readonly newestMs: number;
  /** The same without the last change of the entry itself, which renaming it is. */
  readonly newestInsideMs: number;
  readonly files: number;
  /** Space it takes on the disk; a file that has more names elsewhere counts by its share. */
  readonly bytes: number;
  /** Digest of the stats of everything in it: unchanged as long as nothing is. Does not hold when the entry itself was last renamed. */
  readonly print: string;
}

/** An entry, or why it must be left alone. `kind`: for whom it is of interest. */
export type Surveyed =
  | { readonly kind: 'seen'; readonly entry: EntrySeen }
  /** `isAsked`: the policy says so, and nobody needs to hear of it again. */
  | { readonly kind: 'left'; readonly why: string; readonly isAsked: boolean };

/** Why a walk ended before its end. */
class Left extends Error {
  override readonly name = 'Left';
  readonly isAsked: boolean;

  constructor(why: string, { isAsked = false } = {}) {
    super(why);
    this.isAsked = isAsked;
  }
}

/**
 * Looks at one entry of an open directory and at everything below it, without following a link and without leaving the
 * mount. An entry that is in use, that holds something excluded, another mount, or what cannot be looked into, is left.
 */
export function survey(parent: TreeDir, name: RawName, question: SurveyQuestion): Surveyed {
  const top = parent.lstat(name);
  if (top === undefined) return { kind: 'left', why: 'it has just gone', isAsked: false };
  const found = new Findings();
  const walk: Walk = { ...question, found };
  try {
    look({ parent, name, stats: top, path: [...question.path, name], depth: 0 }, walk);
  } catch (error) {
    if (error instanceof Left) return { kind: 'left', why: error.message, isAsked: error.isAsked };
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') throw error;
    return { kind: 'left', why: `it cannot be looked into whole (${code})`, isAsked: false };
  }
  return { kind: 'seen', entry: found.entry(top) };
}

interface Walk extends SurveyQuestion {
  readonly found: Findings;
}

interface Place {
  readonly parent: TreeDir;
  readonly name: RawName;
  readonly stats: BigIntStats;
  readonly path: readonly RawName[];
  readonly depth: number;
}

function look(place: Place, walk: Walk): void {
  walk.onEntry();
  const { stats, path, depth, name } = place;
  if (depth > 0 && isOwnName(name)) throw new Left(`it holds ${nameText(name)}, which is anchord's own`);
  if (stats.dev !== walk.device) throw new Left(`another file system is mounted in it, at ${nameText(name)}`);
  if (walk.open.has(stats.ino)) throw new Left(`in use: somebody has ${nameText(name)} open`);
  const pattern = walk.exclude.find((one) => matchesPattern(path, one));
  if (pattern !== undefined)
    throw new Left(`exclude: ${pattern} matches ${nameText(name)}`, { isAsked: true });
  walk.found.add(place);
  if (stats.isDirectory()) lookInside(place, walk);
}

function lookInside({ parent, name, stats, path, depth }: Place, walk: Walk): void {
  if (depth >= DEEPEST) throw new Left(`it is more than ${DEEPEST} directories deep`);
  using dir = parent.open(name);
  const opened = dir.stat();
  if (opened.dev !== stats.dev || opened.ino !== stats.ino) throw new Left('it is being changed right now');
  if (dir.mountId() !== walk.mount)
    throw new Left(`something is mounted in it, at ${nameText(name)}; umount it, or exclude it`);
  for (const child of dir.names()) {
    const childStats = dir.lstat(child);
    if (childStats === undefined) throw new Left('it is being changed right now');
    look({ parent: dir, name: child, stats: childStats, path: [...path, child], depth: depth + 1 }, walk);
  }
}

/** Sums up what a walk sees. */
class Findings {
  #newest = 0n;
  #newestInside = 0n;
  #files = 0;
  #bytes = 0n;
  readonly #print = Buffer.alloc(32);

  add({ path, stats, depth }: Place): void {
    const { mtimeNs, ctimeNs, mode, ino, uid, gid, size, nlink, blocks } = stats;
    // Renaming it, as we do, is a change of the entry itself.
    const changed = depth === 0 ? 0n : ctimeNs;
    this.#newest = latest(this.#newest, mtimeNs, ctimeNs);
    this.#newestInside = latest(this.#newestInside, mtimeNs, changed);
    if (!stats.isDirectory()) this.#files++;
    this.#bytes += (blocks * BLOCK_BYTES) / (nlink > 0n && !stats.isDirectory() ? nlink : 1n);
    const below = path.slice(path.length - depth).join('/');
    const facts = [below, mode, ino, uid, gid, size, nlink, mtimeNs, changed].join('\0');
    // The order in which a disk names its entries says nothing: digests are put together so that it does not matter.
    const digest = createHash('sha256').update(facts, 'latin1').digest();
    for (let index = 0; index < digest.length; index++)
      this.#print.writeUInt8(this.#print.readUInt8(index) ^ digest.readUInt8(index), index);
  }

  entry(top: BigIntStats): EntrySeen {
    return {
      kind: top.isDirectory() ? 'directory' : 'other',
      newestMs: milliseconds(this.#newest),
      newestInsideMs: milliseconds(this.#newestInside),
      files: this.#files,
      bytes: Number(this.#bytes),
      print: this.#print.toString('hex'),
    };
  }
}

function latest(...times: readonly bigint[]): bigint {
  return times.reduce((one, other) => (one > other ? one : other));
}

/** Rounded up: nothing looks older than it is. */
function milliseconds(nanoseconds: bigint): number {
  return Number((nanoseconds + 999_999n) / 1_000_000n);
}
