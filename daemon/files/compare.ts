import type { Difference, DirectoryWant, FileSeen, FileWant, LinkWant } from './file-wants.ts';

/** How what is there differs from what is wanted; empty when it is right. */
export function compare(want: FileWant, seen: FileSeen): readonly Difference[] {
  if (seen.kind === 'absent') return [{ field: 'existence', from: 'absent', to: want.kind }];
  return want.kind === 'directory' ? compareDirectory(want, seen) : compareLink(want, seen);
}

function compareDirectory(want: DirectoryWant, seen: FileSeen): readonly Difference[] {
  if (seen.kind !== 'directory') return [{ field: 'kind', from: nameOf(seen), to: 'directory' }];
  const differences: Difference[] = [];
  if (want.uid !== undefined && want.uid !== seen.uid) {
    differences.push({ field: 'owner', from: String(seen.uid), to: String(want.uid) });
  }
  if (want.gid !== undefined && want.gid !== seen.gid) {
    differences.push({ field: 'group', from: String(seen.gid), to: String(want.gid) });
  }
  if (want.mode !== undefined && want.mode !== seen.mode) {
    differences.push({ field: 'mode', from: octal(seen.mode), to: octal(want.mode) });
  }
  return differences;
}

function compareLink(want: LinkWant, seen: FileSeen): readonly Difference[] {
  if (seen.kind !== 'link') return [{ field: 'kind', from: nameOf(seen), to: 'link' }];
  return seen.target === want.target ? [] : [{ field: 'target', from: seen.target, to: want.target }];
}

function nameOf(seen: FileSeen): string {
  if (seen.kind === 'other') return seen.what;
  return seen.kind === 'blocked' ? seen.block.why : seen.kind;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
