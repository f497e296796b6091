import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../errors.ts';
import { runSamba } from './samba-program.ts';
import type { SambaPlace } from './samba-place.ts';
import { parseSambaVersion, type SambaVersion } from './samba-version.ts';

/** Samba on this host. `absent`: a program or a module that shares need is not there. */
export type FoundSamba =
  | { readonly kind: 'found'; readonly version: SambaVersion }
  | { readonly kind: 'absent'; readonly fault: Fault };

const MODULES = ['catia', 'fruit', 'recycle', 'streams_xattr'];

/** Looks which Samba this host has, and whether all of it that shares need is there. */
export async function findSamba(place: SambaPlace): Promise<FoundSamba> {
  const program = place.serves ? 'smbd' : 'testparm';
  const { stdout, end } = await runSamba(program, ['--version'], place);
  if (end === 'not-found') return absent(`${program} is not installed`, 'samba');
  const version = parseSambaVersion(stdout);
  if (version === undefined) return absent(`${program} does not tell its version`, 'samba');
  if (place.serves) {
    for (const [needed, debian] of [
      ['testparm', 'samba'],
      ['smbcontrol', 'samba'],
      ['smbclient', 'smbclient'],
    ] as const) {
      const { end: how } = await runSamba(needed, ['--version'], place);
      if (how === 'not-found') return absent(`${needed} is not installed`, debian);
    }
    const missing = await missingModule(place);
    if (missing !== undefined)
      return absent(`Samba's module ${missing} is not installed`, 'samba-vfs-modules');
  }
  return { kind: 'found', version };
}

/** With a module that it cannot load, smbd refuses every connection, and testparm says nothing of it. */
async function missingModule(place: SambaPlace): Promise<string | undefined> {
  const { stdout } = await runSamba('smbd', ['--build-options'], place);
  const folder = /^\s*MODULESDIR: (\S+)/m.exec(stdout)?.[1];
  if (folder === undefined) return undefined;
  for (const name of MODULES) {
    const builtIn = new RegExp(`\\bvfs_${name}\\b`).test(stdout);
    const isThere =
      builtIn ||
      (await access(join(folder, 'vfs', `${name}.so`)).then(
        () => true,
        () => false,
      ));
    if (!isThere) return name;
  }
  return undefined;
}

function absent(message: string, debian: string): FoundSamba {
  return {
    kind: 'absent',
    fault: {
      reason: 'ProgramMissing',
      message: `${message}: no share is served`,
      next: `apt install ${debian}`,
    },
  };
}
