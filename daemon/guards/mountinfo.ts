/** One mount of /proc/PID/mountinfo, as far as guards need it. Format: proc_pid_mountinfo(5). */
export interface Mount {
  readonly mountPoint: string;
  /** Which folder of the file system is mounted; `/` unless it is a bind mount or a subvolume. */
  readonly root: string;
  readonly fstype: string;
  /** For example /dev/sdb1. */
  readonly source: string;
  /** Per-mount and per-superblock options together, `ro` and `emergency_ro` among them. */
  readonly options: ReadonlySet<string>;
}

/** All mounts, in the order they were made: of two at one place the later one is seen. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [root, mountPoint, options] = fields.slice(3, 6);
    const [fstype, source, superOptions] = fields.slice(separator + 1);
    if (separator === -1 || root === undefined || mountPoint === undefined || fstype === undefined) return [];
    return [
      {
        mountPoint: unescape(mountPoint),
        root: unescape(root),
        fstype,
        source: unescape(source ?? ''),
        options: new Set([...(options ?? '').split(','), ...(superOptions ?? '').split(',')]),
      },
    ];
  });
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
