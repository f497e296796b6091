import type { Progress } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { RestoreReport, RestoreRequest } from './restore-request.ts';
import { restoreMirror } from './restore-mirror.ts';
import { restoreSnapshot } from './restore-snapshot.ts';

/** A restore that a person asked for. */
export interface PolicyRestore {
  readonly request: RestoreRequest;
  readonly named: NamedPolicy;
  readonly parts: PolicyParts;
  readonly signal: AbortSignal;
}

/** Restores from whatever a policy writes to; gives why nothing was begun. What is said holds no secret. */
export async function restorePolicy(asked: PolicyRestore): Promise<RestoreReport | Fault> {
  const { named, request, parts, signal } = asked;
  const { policy } = named;
  function onProgress(progress: Progress): void {
    parts.emit({ kind: 'restore.progress', policy: named.name, progress });
  }
  if (policy.kind === 'backup')
    return await restoreSnapshot({ request, backup: { ...named, policy }, parts, signal, onProgress });
  if (policy.kind === 'mirror')
    return await restoreMirror({ request, mirror: { ...named, policy }, parts, signal, onProgress });
  if (policy.kind === 'state') {
    const backup = { ...named, policy: policy.backup };
    return await restoreSnapshot({ request, backup, parts, signal, onProgress });
  }
  return {
    reason: 'NotDeclared',
    message: `${named.name} is a ${policy.kind} and keeps no copy that could be restored`,
    next: 'anchord policy list shows which policies back up',
  };
}
