import type { HostState } from '../../state-schema/host-state.ts';
import type { Store } from '../store/store.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** The runs of a policy that have ended, newest first. */
export async function policyRuns(
  asked: { readonly name: string; readonly limit: number },
  known: { readonly store: Pick<Store, 'runs'>; readonly policies: HostState['policies'] | undefined },
): ReturnType<Control['runs']> {
  const { name, limit } = asked;
  const runs = await known.store.runs({ policy: name, limit });
  if (runs.length > 0 || Object.hasOwn(known.policies ?? {}, name)) return { kind: 'runs', runs };
  const message = `there is no policy ${JSON.stringify(name)}, and none of that name ever ran`;
  return refuse({ reason: 'NotDeclared', message, next: 'anchord policy list' });
}
