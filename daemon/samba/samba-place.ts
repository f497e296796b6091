import { posix } from 'node:path';

/** Where Samba's configuration is and how its programs are reached: everything that a test does with a private smbd. */
export interface SambaPlace {
  /** The host's own configuration, in which anchord owns one marked block. */
  readonly userConfig: string;
  /** The file that block includes, and that is anchord's alone. */
  readonly ownConfig: string;
  /** Folder in the state directory: the guard that smbd runs, what is staged, and the last good configuration. */
  readonly dir: string;
  /** PATH for testparm, smbd, smbcontrol and smbclient. */
  readonly path: string;
  /** Whether shares are really served here; elsewhere they are written out and checked, and that is all. */
  readonly serves: boolean;
}

/** Samba's place on a host whose paths begin at `root`. Only root on a real root can serve. */
export function sambaPlace(host: {
  readonly root: string;
  readonly stateDir: string;
  readonly path: string;
  readonly serves: boolean;
}): SambaPlace {
  return {
    userConfig: posix.join(host.root, 'etc/samba/smb.conf'),
    ownConfig: posix.join(host.root, 'etc/samba/anchord.conf'),
    dir: posix.join(host.stateDir, 'samba'),
    // Where Debian keeps smbd, for whoever runs anchord with a user's PATH.
    path: `${host.path}:/usr/sbin:/sbin`,
    serves: host.serves,
  };
}
