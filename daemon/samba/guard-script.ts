/**
 * What smbd runs as root before each connection: it ends with 0 only when a volume's mount is there and carries the
 * sentinel that was adopted. Only words that the shell itself knows, so that a connection waits for no second program.
 * It looks at the mounts of smbd itself, for that is where a client would write.
 */
export const GUARD_SCRIPT = `#!/bin/sh
# Written by anchord. Usage: guard VOLUME. Ends with 0 when the volume is the adopted one.
set -fu
case $1 in '' | *[!a-z0-9-]*) exit 1 ;; esac
mark=\${0%/*}/volumes/$1
[ -f "$mark" ] || exit 1
{ IFS= read -r at && IFS= read -r place && IFS= read -r sentinel; } < "$mark" || exit 1
root=
while read -r _ _ _ from to _; do
  if [ "$to" = "$at" ]; then root=$from; fi
done < /proc/self/mountinfo
[ "$root" = / ] || exit 1
[ -f "$place/.anchord-volume" ] || exit 1
IFS= read -r found < "$place/.anchord-volume" || exit 1
[ "$found" = "$sentinel" ]
`;

/** What the guard must find of one volume. */
export interface VolumeMark {
  readonly name: string;
  readonly mount: string;
  /** The first line of its sentinel. */
  readonly sentinel: string;
}

/** The mark of a volume, as the guard reads it: three lines. Pure. */
export function markText({ mount, sentinel }: VolumeMark): string {
  return `${inMountinfo(mount)}\n${mount}\n${sentinel.trimEnd()}\n`;
}

/** As the kernel writes it, proc_pid_mountinfo(5). */
function inMountinfo(path: string): string {
  return path.replaceAll(/[ \t\n\\]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
