import type { PolicyStatus } from '../../state-schema/generated/status.ts';
import type { ConditionWord } from './conditions.ts';

/** Whether every copy that a drill covers was proved by a restore, within its time. Pure. */
export function provedWord(statuses: readonly PolicyStatus[]): ConditionWord {
  const drills = statuses.filter(({ kind, state }) => kind === 'drill' && state !== 'not-carried-out');
  if (drills.length === 0) return word('Unknown', 'NoDrills', 'No restore drill is declared.');
  const bad = drills.find(({ state }) => state === 'failed' || state === 'overdue');
  if (bad !== undefined) return word('False', bad.reason, `${bad.name}: ${bad.message}`);
  const copies = copiesOf(drills, statuses);
  const unproved = copies.find(({ proof }) => proof === undefined);
  if (unproved !== undefined)
    return word('Unknown', 'NeverProved', `${unproved.name} has not been proved yet.`);
  const partial = drills.find(({ state }) => state === 'partial');
  if (partial !== undefined) return word('Unknown', 'ProofPartial', `${partial.name}: ${partial.message}`);
  const eldest = copies.flatMap(({ proof }) => proof?.at ?? []).toSorted()[0] ?? '';
  const count =
    copies.length === 1 ? 'The one copy that is drilled' : `All ${copies.length} copies that are drilled`;
  return word('True', 'Proved', `${count} came back as stored; the eldest proof is of ${eldest}.`);
}

/** The status of a drill names its copies as its source. */
function copiesOf(
  drills: readonly PolicyStatus[],
  statuses: readonly PolicyStatus[],
): readonly PolicyStatus[] {
  const names = new Set(drills.flatMap(({ source = '' }) => source.split(', ')));
  return statuses.filter(({ name }) => names.has(name));
}

function word(
  status: ConditionWord['status'],
  reason: ConditionWord['reason'],
  message: string,
): ConditionWord {
  return { type: 'Proved', status, reason, message };
}
