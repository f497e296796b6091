import { isAtLeast, type SambaVersion } from './samba-version.ts';
import type { Parameter } from './smb-config.ts';

/**
 * What holds for the whole server: SMB 3 only, no guests, no printers, and the modules that macOS wants. The modules
 * stand here because macOS takes them for the whole session from its first connection, whichever share that is.
 */
const ALWAYS: readonly Parameter[] = [
  ['server role', 'standalone server'],
  // Never `SMB3`, which means 3.1.1 and shuts out what speaks 3.0.
  ['server min protocol', 'SMB3_00'],
  ['ntlm auth', 'ntlmv2-only'],
  ['map to guest', 'Never'],
  ['restrict anonymous', '2'],
  ['allow insecure wide links', 'No'],
  ['disable netbios', 'Yes'],
  ['load printers', 'No'],
  ['printcap name', '/dev/null'],
  ['disable spoolss', 'Yes'],
  ['usershare max shares', '0'],
  ['multicast dns register', 'No'],
  ['server multi channel support', 'No'],
  ['vfs objects', 'catia fruit streams_xattr'],
  // These four are read in the global section only, vfs_fruit(8).
  ['fruit:aapl', 'yes'],
  ['fruit:nfs_aces', 'no'],
  ['fruit:copyfile', 'no'],
  ['fruit:model', 'MacSamba'],
  // How metadata lies on disk: never to be changed once there is data.
  ['fruit:metadata', 'stream'],
  ['fruit:resource', 'file'],
  ['fruit:encoding', 'native'],
  ['fruit:veto_appledouble', 'no'],
  ['fruit:wipe_intentionally_left_blank_rfork', 'yes'],
  ['fruit:delete_empty_adfiles', 'yes'],
];

/** Parameters that only exist from a version on; before it Samba does not know them. */
const SINCE: readonly { readonly from: SambaVersion; readonly parameter: Parameter }[] = [
  // On by default since then: clients could make symbolic links that this host follows.
  { from: { major: 4, minor: 23, patch: 0 }, parameter: ['smb3 unix extensions', 'No'] },
];

/** The global section for this version of Samba. Pure. */
export function globalParameters(version: SambaVersion): readonly Parameter[] {
  const newer = SINCE.filter(({ from }) => isAtLeast(version, from)).map(({ parameter }) => parameter);
  return [...ALWAYS, ...newer];
}
