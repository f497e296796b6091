import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import type { RunnablePolicy } from './runnable-policies.ts';

const CARRIED_OUT: ReadonlySet<RunnablePolicy['kind']> = new Set([
  'backup',
  'prune',
  'graduate',
  'purge',
  'mirror',
  'check',
  'drill',
]);

/** Why this version does not run a policy at all; undefined when it does. Pure. */
export function carriedOut(policy: RunnablePolicy): Fault | undefined {
  if (!CARRIED_OUT.has(policy.kind)) {
    return notYet(`Policies of kind ${policy.kind} are not carried out by this version: nothing runs.`);
  }
  return undefined;
}

/** Parts of a backup that this version leaves out while it carries out the rest, each as one sentence. Pure. */
export function leftOut(policy: BackupPolicy): readonly string[] {
  const asked: readonly (readonly [unknown, string])[] = [
    [
      policy.freeze,
      `the freeze hook ${policy.freeze ?? ''} is not run by this version: the backup is crash-consistent`,
    ],
  ];
  return asked.filter(([value]) => value !== undefined).map(([, sentence]) => sentence);
}

function notYet(message: string): Fault {
  return { reason: 'NotCarriedOutYet', message };
}
