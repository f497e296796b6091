import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../errors.ts';
import { withoutBlock } from './marked-block.ts';
import { replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';
import { readConfig } from './testparm.ts';

/** The host's own part of smb.conf: what is in it without anchord's block. */
export type UserConfig =
  | {
      readonly kind: 'read';
      readonly text: string;
      /** Names of its sections and of those that it includes, in small letters. */
      readonly sections: ReadonlySet<string>;
      readonly complaints: ReadonlySet<string>;
      /** Where smbd listens. */
      readonly port: number;
    }
  | { readonly kind: 'refused'; readonly fault: Pick<Fault, 'message' | 'next'> };

const SMB_PORT = 445;
const STANDALONE = new Set(['auto', 'standalone server', 'standalone']);

/** Lets testparm read the host's own part alone, so that a section of the same name is seen before the two are mixed. */
export async function readUserPart(
  live: string,
  { checks, place }: { readonly checks: boolean; readonly place: SambaPlace },
): Promise<UserConfig> {
  const bare = withoutBlock(live);
  if (bare.kind === 'refused') return { kind: 'refused', fault: bare };
  const { text } = bare;
  if (!checks) return { kind: 'read', text, sections: new Set(), complaints: new Set(), port: SMB_PORT };
  await mkdir(place.dir, { recursive: true, mode: 0o700 });
  const file = join(place.dir, 'user-smb.conf');
  await replaceFile(file, text, { mode: 0o600 });
  const read = await readConfig(file, place);
  if (read.kind === 'unreadable') {
    const message = `Samba cannot read ${place.userConfig} even without anchord's part: ${read.message}`;
    return { kind: 'refused', fault: { message, next: `mend it: testparm -s ${place.userConfig}` } };
  }
  const globals = read.dump.get('global') ?? new Map<string, string>();
  const fault = otherKind(globals, place.userConfig);
  if (fault !== undefined) return { kind: 'refused', fault };
  const sections = new Set(read.dump.keys());
  sections.delete('global');
  return {
    kind: 'read',
    text,
    sections,
    complaints: new Set(read.complaints),
    port: portOf(globals.get('smb ports')),
  };
}

/** Why a server of another kind cannot be given shares by files; undefined for a standalone server. */
function otherKind(
  globals: ReadonlyMap<string, string>,
  file: string,
): Pick<Fault, 'message' | 'next'> | undefined {
  const role = globals.get('server role') ?? 'auto';
  const security = globals.get('security') ?? 'auto';
  if (!STANDALONE.has(role.toLowerCase()) || /ads|domain/i.test(security)) {
    const message = `${file} makes this host a ${role} (security = ${security}), and anchord only serves shares of a standalone server`;
    return { message, next: 'remove the shares from the state repo of this host' };
  }
  if (globals.get('config backend')?.toLowerCase() !== 'registry') return undefined;
  const message = `${file} says config backend = registry, so Samba reads no shares from files`;
  return { message, next: 'remove that line' };
}

function portOf(ports = ''): number {
  const known = ports
    .split(/[\s,]+/)
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0);
  return known.includes(SMB_PORT) ? SMB_PORT : (known[0] ?? SMB_PORT);
}
