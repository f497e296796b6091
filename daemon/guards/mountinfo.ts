/** One mount of /proc/PID/mountinfo, as far as guards need it. Format: proc_pid_mountinfo(5). */
export interface Mount {
  readonly id: string;
  /** Id of the mount that it lies in; of one that covers another at the same place, that other. */
  readonly parentId: string;
  /** `major:minor` of the file system; the major number is 0 where no single block device is behind it. */
  readonly device: string;
  readonly mountPoint: string;
  /** Which folder of the file system is mounted; `/` unless it is a bind mount or a subvolume. */
  readonly root: string;
  readonly fstype: string;
  /** For example /dev/sdb1. */
  readonly source: string;
  /** Per-mount and per-superblock options together, `ro` and `emergency_ro` among them. */
  readonly options: ReadonlySet<string>;
}

/** All mounts, in the order of the file, which is not the order in which they cover each other. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [id, parentId, device, root, mountPoint, options] = fields;
    const [fstype, source, superOptions] = fields.slice(separator + 1);
    if (separator === -1 || id === undefined || parentId === undefined || device === undefined) return [];
    if (root === undefined || mountPoint === undefined || fstype === undefined) return [];
    return [
      {
        id,
        parentId,
        device,
        mountPoint: unescape(mountPoint),
        root: unescape(root),
        fstype,
        source: unescape(source ?? ''),
        options: new Set([...(options ?? '').split(','), ...(superOptions ?? '').split(',')]),
      },
    ];
  });
}

/**
 * The mount that is seen at a place: of several there, the one that no other covers. A mount that was moved there covers
 * what stands after it in the list. Pure.
 */
export function mountAt(place: string, mounts: readonly Mount[]): Mount | undefined {
  const there = mounts.filter(({ mountPoint }) => mountPoint === place);
  const covered = new Set(there.map(({ parentId }) => parentId));
  return there.findLast(({ id }) => !covered.has(id));
}

/** The mounts that something between a place and the top of its volume comes from: above or at the place. Pure. */
export function mountsBetween(
  way: { readonly top: string; readonly place: string },
  mounts: readonly Mount[],
): readonly Mount[] {
  return mounts.filter(
    ({ mountPoint }) =>
      isBelow(mountPoint, way.top) && (mountPoint === way.place || isBelow(way.place, mountPoint)),
  );
}

function isBelow(place: string, above: string): boolean {
  return place.startsWith(above === '/' ? '/' : `${above}/`) && place !== above;
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
