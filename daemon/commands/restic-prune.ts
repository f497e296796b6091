/**
 * `restic prune`: gives the space back that no snapshot needs any more. `maxRepack`: bytes to write anew, at the most;
 * with 0 only what is wholly unused goes, which needs next to no space. Pure.
 */
export function pruneArgs({ maxRepack }: { readonly maxRepack: number }): readonly string[] {
  return ['prune', `--max-repack-size=${Math.max(0, Math.floor(maxRepack))}`];
}

/** How much a prune gave back, in restic's words such as `2.862 MiB`; undefined when it did not say. Pure. */
export function prunedSize(stdout: string): string | undefined {
  return /^total prune:\s+\d+ blobs \/ ([\d.]+ [KMGTPE]?i?B)\s*$/m.exec(stdout)?.[1];
}
