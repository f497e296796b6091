import { faultText } from '../fault-text.ts';
import type { ConditionWord } from '../status/conditions.ts';
import { differenceWords } from './plan-report.ts';
import type { Plan } from './plan.ts';
import type { PassOutcome } from './run-pass.ts';

/** How many things one condition names. */
const NAMED = 3;

/** Whether something else than a revision changes the host, and what. Pure. */
export function driftedWord({ plan, settled }: Pick<PassOutcome, 'plan' | 'settled'>): ConditionWord {
  const flapping = plan.hindrances.filter(({ reason }) => reason === 'Flapping');
  if (flapping.length > 0) {
    return {
      type: 'Drifted',
      status: 'True',
      reason: 'Flapping',
      message: faultText({
        message: `changed again and again, and left alone for now: ${named(flapping.map(({ id }) => nameOf(id)))}`,
        next: 'find what changes it, then: anchord apply',
      }),
    };
  }
  const repairs = settled.deeds.filter(({ kind }) => kind === 'repair');
  if (repairs.length === 0)
    return { type: 'Drifted', status: 'False', reason: 'NoDrift', message: 'Nothing was changed by hand.' };
  return {
    type: 'Drifted',
    status: 'False',
    reason: 'PutRight',
    message: `${settled.repaired} changed by hand and put right: ${named(repairs.map(({ id, what }) => `${nameOf(id)} (${what})`))}.`,
  };
}

/** What differs from the revision while nothing is put right. Pure. */
export function leftAloneWord({ changes }: Plan): ConditionWord {
  if (changes.length === 0)
    return { type: 'Drifted', status: 'False', reason: 'NoDrift', message: 'Nothing differs.' };
  const names = changes.map(
    ({ id, differences }) => `${nameOf(id)} (${differences.map(differenceWords).join(', ')})`,
  );
  return {
    type: 'Drifted',
    status: 'True',
    reason: 'Suspended',
    message: `differs, and stays so while the host is suspended: ${named(names)}`,
  };
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `directory:/flux/active` as `directory /flux/active`. */
function nameOf(id: string): string {
  return id.replace(':', ' ');
}
