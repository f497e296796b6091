import type { Policy } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** A policy of the current revision, and the rest of what that revision says. */
export interface NamedPolicy<P extends Policy = Policy> {
  readonly name: string;
  readonly policy: P;
  readonly state: HostState;
}
