import type { MirrorPolicy } from '../../state-schema/generated/state-file.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { RunJob } from '../policies/run-job.ts';

/** A mirror policy of the current revision. */
export type NamedMirror = NamedPolicy<MirrorPolicy>;

/** One run of a mirror policy. */
export interface MirrorJob extends NamedMirror, RunJob {}

/** What a removal of a mirror is about: another source or another destination is another mirror. Pure. */
export function mirrorSubject({ policy }: Pick<NamedMirror, 'policy'>): string {
  return `${policy.destination} (mirror of ${policy.source})`;
}
