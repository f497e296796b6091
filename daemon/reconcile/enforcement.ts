import type { HostState } from '../../state-schema/host-state.ts';
import { desire } from '../resources/desire.ts';
import type { Desired } from '../resources/desired.ts';
import { findOwners } from './find-owners.ts';
import type { LookParts } from './look.ts';
import { readRevision } from './look.ts';
import type { InForce, ReconcilerParts } from './reconciler-parts.ts';
import { loadTrustedState } from './trusted-state.ts';

/** What putting a revision in force needs. */
export type EnforcementParts = LookParts &
  Pick<
    ReconcilerParts,
    'root' | 'setsOwners' | 'files' | 'guards' | 'declare' | 'trustedStateFile' | 'goodStateFile' | 'version'
  >;

/** What is in force: which revision the host is being made to match, and what that says. */
export class Enforcement {
  readonly #parts: EnforcementParts;
  #current: InForce | undefined;

  constructor(parts: EnforcementParts) {
    this.#parts = parts;
  }

  get current(): InForce | undefined {
    return this.#current;
  }

  /** Puts a revision in force: what the files should be is known to their service from here on. */
  async enforce(revision: string, state: HostState): Promise<Desired> {
    const { root, setsOwners, files, guards } = this.#parts;
    const desired = desire(state, {
      root,
      owners: await findOwners(state, { setsOwners, path: guards.path }),
    });
    await files.ask({ kind: 'declare', wants: desired.files });
    this.#current = { revision, state, desired };
    return desired;
  }

  /** Puts back what was in force before. */
  async restore(before: InForce | undefined): Promise<void> {
    this.#current = before;
    if (before !== undefined) await this.enforce(before.revision, before.state);
  }

  /** Puts a revision in force that was accepted before, unless it is, or what it says is lost here. */
  async align(revision: string | undefined, signal: AbortSignal): Promise<void> {
    if (revision === undefined || this.#current?.revision === revision) return;
    const state = await this.stateOf(revision, signal);
    if (state === undefined) return;
    await this.enforce(revision, state);
    this.#parts.declare(state);
  }

  /** What an accepted revision says, from the files kept beside the store or from the mirror. */
  async stateOf(revision: string, signal: AbortSignal): Promise<HostState | undefined> {
    const { trustedStateFile, goodStateFile, version } = this.#parts;
    for (const file of [trustedStateFile, goodStateFile]) {
      const kept = await loadTrustedState(file, { version, revision });
      if (kept !== undefined) return kept;
    }
    try {
      const read = await readRevision(revision, this.#parts, signal);
      return read.kind === 'accepted' ? read.state : undefined;
    } catch {
      return undefined; // the mirror lost it: the first look fetches it anew
    }
  }

  /** What is in force; owners nobody knew are looked up again, for a person may have made them since. */
  async withKnownOwners(): Promise<InForce | undefined> {
    const current = this.#current;
    if (current?.desired.resources.some((resource) => resource.impossible !== undefined) !== true)
      return current;
    await this.enforce(current.revision, current.state);
    return this.#current;
  }
}
