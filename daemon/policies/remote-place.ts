import type { HostState } from '../../state-schema/host-state.ts';
import type { Priority } from '../commands/priority.ts';
import type { RclonePlace } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import { remoteEnvironment, type RemoteEnvironment } from '../remotes/remote-environment.ts';
import type { PolicyParts } from './policy-parts.ts';

/** What rclone needs to work on a remote, or why it cannot be had. */
export type RemotePlaceResult =
  | { readonly kind: 'place'; readonly place: RclonePlace }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** What asks for a remote. */
export interface RemoteUse {
  readonly remote: string;
  readonly state: HostState;
  readonly priority?: Priority | undefined;
}

/** Puts together what rclone needs to work on a remote for a policy. What it then says must be redacted: `parts.secrets.redact`. */
export async function remotePlace(use: RemoteUse, parts: PolicyParts): Promise<RemotePlaceResult> {
  const found = await environmentOf(use, parts);
  if (found.kind === 'fault') return found;
  const { stateDir, path } = parts;
  const { redact } = parts.secrets;
  const place = { stateDir, path, redact, remotes: found.variables, priority: use.priority };
  return { kind: 'place', place };
}

/** The environment of a remote of the current revision, or of the host settings. */
export function environmentOf(
  { remote, state }: Pick<RemoteUse, 'remote' | 'state'>,
  { stateDir, path, settings, secrets }: PolicyParts,
): Promise<RemoteEnvironment> {
  return remoteEnvironment(remote, { state, overrides: settings.overrides, secrets, stateDir, path });
}
