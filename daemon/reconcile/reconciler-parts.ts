import type { HostState } from '../../state-schema/host-state.ts';
import type { Desired } from '../resources/desired.ts';
import type { Conditions } from '../status/conditions.ts';
import type { Store } from '../store/store.ts';
import type { Suspension } from '../suspension.ts';
import type { LookParts } from './look.ts';
import type { PassParts } from './run-pass.ts';

/** What the reconciler needs. */
export interface ReconcilerParts extends LookParts, PassParts {
  readonly store: Store;
  readonly conditions: Conditions;
  readonly root: string;
  readonly version: string;
  /** Whether owners of directories can be set here: root, on a real root. */
  readonly setsOwners: boolean;
  readonly trustedStateFile: string;
  readonly goodStateFile: string;
  readonly suspension: Suspension;
  /** Called with every state that is now in force, before its schedules may fire. */
  readonly declare: (state: HostState) => void;
}

/** What is in force. */
export interface InForce {
  readonly revision: string;
  readonly state: HostState;
  readonly desired: Desired;
}
