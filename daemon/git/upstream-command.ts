import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Remote } from './remote.ts';

/** The side of a transfer that a repository answers with. */
export type UpstreamService = 'upload-pack' | 'receive-pack';

/**
 * The option that tells git how to run the other side of a transfer with a folder of this machine; empty for any other
 * remote. That side obeys the folder's own configuration, and with it whoever can write there. A daemon that runs as
 * root therefore runs it as the folder's owner: nothing in the repository can act as root, and what a push writes
 * belongs to the owner. In a repository of our own, what could start a program is switched off.
 */
export async function upstreamOption(remote: Remote, service: UpstreamService): Promise<readonly string[]> {
  if (remote.kind !== 'path') return [];
  const owner = process.getuid?.() === 0 ? await foreignOwner(remote.path) : undefined;
  return [`--${service}=${owner === undefined ? asOurselves(service) : asOwner(owner, service)}`];
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Who but root owns the folder, or the repository inside it: whoever owns the folder decides what is inside. */
async function foreignOwner(path: string): Promise<Owner | undefined> {
  for (const folder of [path, join(path, '.git')]) {
    try {
      const owner = await stat(folder);
      if (owner.uid !== 0) return owner;
    } catch {
      // Not there: in the end git says what is wrong with the path.
    }
  }
  return undefined;
}

// git hands these to a shell and appends the path, quoted.
function asOwner({ uid, gid }: Owner, service: UpstreamService): string {
  return `umask 022; HOME=/ GIT_CONFIG_GLOBAL=/dev/null setpriv --reuid=${uid} --regid=${gid} --clear-groups git ${service}`;
}

function asOurselves(service: UpstreamService): string {
  const settings = [
    'core.hooksPath=/dev/null',
    'core.alternateRefsCommand=true',
    'receive.autogc=false',
    'receive.denyCurrentBranch=refuse',
  ];
  return `git ${settings.map((setting) => `-c ${setting}`).join(' ')} ${service}`;
}
