import type { HostState } from '../../state-schema/host-state.ts';
import type { RunnablePolicy } from './runnable-policies.ts';

/** A policy of the current revision, and the rest of what that revision says. */
export interface NamedPolicy<P extends RunnablePolicy = RunnablePolicy> {
  readonly name: string;
  readonly policy: P;
  readonly state: HostState;
}
