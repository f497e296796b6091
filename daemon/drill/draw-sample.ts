import { lsArgs, parseLsLine, type ListedFile } from '../commands/restic-ls.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { runRestic } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import type { HashedFile, Manifest } from '../manifests/manifest.ts';
import { Sampler } from '../manifests/sampler.ts';
import type { RepositoryDrill } from './drill-backup.ts';
import { drawn } from './seeded-random.ts';

/** A file to be restored, and what it must be. */
export interface SampleFile {
  /** As the snapshot has it. */
  readonly path: string;
  readonly size: number;
  readonly mtime: string;
  /** From the manifest; absent of a file that nobody hashed. */
  readonly sha256?: string;
}

/** A sample of a snapshot. */
export interface Sample {
  readonly files: readonly SampleFile[];
  /** Files of the snapshot, and those of them that are too large to be restored for a test. */
  readonly total: number;
  readonly tooLarge: number;
}

/** How much of what to draw. */
export interface SampleWish {
  readonly snapshot: string;
  readonly manifest: Manifest | undefined;
  readonly count: number;
  /** Bytes of all together. */
  readonly budget: number;
  readonly random: () => number;
}

/** Draws files of a snapshot: one half of those whose content was hashed when it was made, the others from all. */
export async function drawSample(
  { place, backup, job }: RepositoryDrill,
  wish: SampleWish,
): Promise<Sample | Fault> {
  const { manifest, count, budget, random } = wish;
  const hashed = drawn(manifest?.sample ?? [], Math.ceil(count / 2), random);
  const sampler = new Sampler<ListedFile>({ count: count - hashed.length, largest: budget, random });
  let total = 0;
  let tooLarge = 0;
  const result = await runRestic(place, {
    args: lsArgs(wish.snapshot),
    signal: job.signal,
    onStdoutLine(text) {
      const line = parseLsLine(text);
      if (line.kind !== 'file') return;
      total++;
      if (line.size > budget) tooLarge++;
      sampler.take(line.size, line.file);
    },
  });
  if (result.code !== 0)
    return resticFault(result, { policy: backup.name, repository: backup.policy.repository });
  const others = sampler.chosen((file) => file.path);
  return { files: within(budget, [...hashed, ...others]), total, tooLarge };
}

/** Each path once; those of the manifest come first, so that they keep their hashes. */
function within(budget: number, files: readonly (HashedFile | ListedFile)[]): readonly SampleFile[] {
  const chosen = new Map<string, SampleFile>();
  let left = budget;
  for (const { path, size, mtime, ...more } of files) {
    if (size > left || chosen.has(path)) continue;
    left -= size;
    chosen.set(path, { path, size, mtime, ...('sha256' in more ? { sha256: more.sha256 } : {}) });
  }
  return [...chosen.values()];
}
