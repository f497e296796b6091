import { faultOf, type Fault } from '../errors.ts';
import type { Refusal } from './control.ts';

/** A fault as the answer to a person. */
export function refuse({ reason, message, next }: Fault): Refusal {
  return { kind: 'refused', reason, message, ...(next === undefined ? {} : { next }) };
}

/** Does what a person asked for; whatever is thrown becomes a refusal, for a person reads it. */
export async function refusing<Answer>(act: () => Promise<Answer>): Promise<Answer | Refusal> {
  try {
    return await act();
  } catch (error) {
    return refuse(faultOf(error));
  }
}

/** Why nothing can be planned on a host that has accepted no revision. */
export const nothingInForce: Fault = {
  reason: 'RevisionUnreadable',
  message: 'no revision is in force yet, so there is nothing to plan',
  next: 'anchord status says why; or plan a folder: anchord plan DIR',
};
