import { parseRemote } from '../git/remote.ts';
import { readAllowedSigners } from '../git/verify-signers.ts';
import type { HostSettings } from '../settings/host-settings.ts';

/** What of the host settings asks for a program that not every host needs. */
export type ProgramNeed = 'ssh' | 'ssh-signatures' | 'openpgp-signatures';

/** What the host settings ask for. Files that cannot be read ask for nothing: whoever uses them says so. */
export async function programNeeds({ repository, status }: HostSettings): Promise<ReadonlySet<ProgramNeed>> {
  const needs = new Set<ProgramNeed>();
  if ([repository.url, status.url].some(isSsh)) needs.add('ssh');
  if (status.signingKey !== undefined) needs.add('ssh-signatures');
  const signers = await readAllowedSigners(repository.signers ?? []).catch(() => undefined);
  if (signers === undefined) return needs;
  if (signers.ssh.length > 0) needs.add('ssh-signatures');
  if (signers.openpgp.length > 0) needs.add('openpgp-signatures');
  return needs;
}

function isSsh(url: string): boolean {
  try {
    return parseRemote(url).kind === 'ssh';
  } catch {
    return false;
  }
}
