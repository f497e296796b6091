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
    for (const { range, place, inode } of mappedFiles(pid)) {
      if (place === placeOf(device)) inodes.add(inode);
      // Some file systems tell another device there than to stat(2); this asks it, where we may.
      else note(`/proc/${pid}/map_files/${range}`);
    }
  }
  return inodes;
}

interface Mapped {
  readonly range: string;
  /** Major and minor number of the disk, in hexadecimal. */
  readonly place: string;
  readonly inode: bigint;
}

/** The files that a process has mapped, each once. */
function mappedFiles(pid: string): readonly Mapped[] {
  const files = new Map<string, Mapped>();
  for (const line of text(`/proc/${pid}/maps`).split('\n')) {
    const [, range, place, inode] = /^([0-9a-f]+-[0-9a-f]+) \S+ \S+ (\S+) ([1-9]\d*) /.exec(line) ?? [];
    if (range !== undefined && place !== undefined && inode !== undefined)
      files.set(`${place} ${inode}`, { range, place, inode: BigInt(inode) });
  }
  return [...files.values()];
}

/** A device number as /proc/PID/maps writes it; packed as makedev(3) of glibc does. Pure. */
function placeOf(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
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
