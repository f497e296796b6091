import type { Condition, ConditionType } from '../../state-schema/generated/status.ts';
import { isoSeconds, type Clock } from '../clock.ts';
import { faultOf } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Store } from '../store/store.ts';

/** What a step says of a condition; when it last changed is worked out here. */
export type ConditionWord = Pick<Condition, 'type' | 'status' | 'reason' | 'message'> & {
  readonly observedRevision?: string | undefined;
};

const ORDER: readonly ConditionType[] = [
  'Ready',
  'Fetched',
  'SourceVerified',
  'Applied',
  'Drifted',
  'Reconciling',
  'Stalled',
  'Suspended',
  'VolumesGuarded',
  'BackupsCurrent',
  'Proved',
  'ClockTrusted',
  'Audited',
  'StatusPublished',
];

/** The host's conditions. Only here do transition times move, so no step can forget them. */
export class Conditions {
  readonly #parts: {
    readonly store: Pick<Store, 'saveConditions'>;
    readonly clock: Clock;
    readonly emit: Emit;
  };
  readonly #byType: Map<ConditionType, Condition>;
  #isKept = true;

  constructor(
    known: readonly Condition[],
    parts: { readonly store: Pick<Store, 'saveConditions'>; readonly clock: Clock; readonly emit: Emit },
  ) {
    this.#parts = parts;
    this.#byType = new Map(known.map((condition) => [condition.type, condition]));
  }

  /** All that are known, in one fixed order. */
  list(): readonly Condition[] {
    return ORDER.flatMap((type) => this.#byType.get(type) ?? []);
  }

  get(type: ConditionType): Condition | undefined {
    return this.#byType.get(type);
  }

  /**
   * Takes what steps say, keeps it, and reports what changed. Never rejects: on a full disk it is true all the same, and
   * is kept with the next words.
   */
  async say(...words: readonly ConditionWord[]): Promise<void> {
    const changed = words.map((word) => this.#next(word)).filter((condition) => condition !== undefined);
    if (changed.length === 0 && this.#isKept) return;
    for (const condition of changed) this.#byType.set(condition.type, condition);
    try {
      await this.#parts.store.saveConditions(this.list());
      this.#isKept = true;
    } catch (error) {
      this.#isKept = false;
      this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
    }
    for (const condition of changed) this.#parts.emit({ kind: 'condition.changed', condition });
  }

  #next(word: ConditionWord): Condition | undefined {
    const known = this.#byType.get(word.type);
    const revision = word.observedRevision;
    const same =
      known !== undefined &&
      known.status === word.status &&
      known.reason === word.reason &&
      known.message === word.message &&
      known.observedRevision === revision;
    if (same) return undefined;
    return {
      type: word.type,
      status: word.status,
      reason: word.reason,
      message: word.message,
      lastTransitionTime:
        known?.status === word.status ? known.lastTransitionTime : isoSeconds(this.#parts.clock.now()),
      ...(revision === undefined ? {} : { observedRevision: revision }),
    };
  }
}
