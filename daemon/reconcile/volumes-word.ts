import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import type { ConditionWord } from '../status/conditions.ts';

/** Whether every volume is what it should be: one word for all, that of the worst, which names the others. Pure. */
export function volumesWord(guarded: readonly GuardedVolume[]): ConditionWord {
  const type = 'VolumesGuarded';
  const worst = worstOf(guarded);
  if (worst !== undefined) return { type, status: 'False', reason: worst.reason, message: faultText(worst) };
  const count = guarded.length;
  if (count === 0) return { type, status: 'Unknown', reason: 'NoVolumes', message: 'No volume is declared.' };
  return {
    type,
    status: 'True',
    reason: 'GuardsPassed',
    message: `${count} volumes are what they should be.`,
  };
}

/** What must not be touched comes before what only takes nothing new. */
function worstOf(guarded: readonly GuardedVolume[]): Fault | undefined {
  const bad = ['failed', 'full'].flatMap((kind) =>
    guarded.flatMap(({ name, verdict }) =>
      verdict.kind === kind && verdict.kind !== 'passed' ? [{ name, fault: verdict.fault }] : [],
    ),
  );
  const [first, ...others] = bad;
  if (first === undefined) return undefined;
  const { message } = first.fault;
  const names = others.map(({ name, fault }) => `${name} (${fault.reason})`).join(', ');
  return others.length === 0 ? first.fault : { ...first.fault, message: `${message}; besides: ${names}` };
}
