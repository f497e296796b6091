import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * The inodes of one disk that any process has open, mapped, or stands in. From /proc, by device and inode and not by
 * path: a path says nothing about what another mount namespace sees. Of processes that this user may not look into
 * nothing is known.
 */
export function openInodes(device: bigint): ReadonlySet<bigint> {
  const inodes = new Set<bigint>();
  function note(path: string): void {
    try {
      const stats = statSync(path, { bigint: true });
      if (stats.dev === device) inodes.add(stats.ino);
    } catch {
      // The process or the descriptor has gone, or is somebody else's.
    }
  }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    // Our own descriptors are those that look.
    if (pid === String(process.pid)) continue;
    for (const what of ['cwd', 'root', 'exe']) note(`/proc/${pid}/${what}`);
    for (const fd of list(`/proc/${pid}/fd`)) note(`/proc/${pid}/fd/${fd}`);
    for (const range of mappedFiles(pid)) note(`/proc/${pid}/map_files/${range}`);
  }
  return inodes;
}

/** One range for each file that a process has mapped. */
function mappedFiles(pid: string): readonly string[] {
  const ranges = new Map<string, string>();
  for (const line of text(`/proc/${pid}/maps`).split('\n')) {
    const [, range, file] = /^([0-9a-f]+-[0-9a-f]+) \S+ \S+ (\S+ [1-9]\d*) /.exec(line) ?? [];
    if (range !== undefined && file !== undefined) ranges.set(file, range);
  }
  return [...ranges.values()];
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
