import type { Fault } from '../errors.ts';
import type { Clock } from '../clock.ts';
import { SecretValue } from './secret-value.ts';

/** What a provider needs besides its settings. */
export interface ProviderParts {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Takes a value that must never be said, such as a token. */
  readonly learn: (value: SecretValue) => void;
}

/**
 * What a provider answers. `missing`: the secret is not there, or must not be had, and a value from before means nothing
 * any more. `unavailable`: nobody can tell now, so a value from before is as good as it was.
 */
export type ProvidedSecret =
  | { readonly kind: 'value'; readonly value: SecretValue }
  | { readonly kind: 'missing' | 'unavailable'; readonly fault: Fault };

/** A secret that was found; an empty one is none. */
export function provided(name: string, where: string, text: string): ProvidedSecret {
  if (text === '') return missingSecret(name, `${where} is empty`, `give the secret a value there`);
  return { kind: 'value', value: new SecretValue(text) };
}

/** A secret that is not there, what was found instead, and what to do. */
export function missingSecret(name: string, found: string, next: string): ProvidedSecret {
  const message = `the secret ${name} cannot be had: ${found}`;
  return { kind: 'missing', fault: { reason: 'SecretMissing', message, next } };
}

/** A secret that nobody gives out now. */
export function unavailableSecret(name: string, found: string, next: string): ProvidedSecret {
  const message = `the secret ${name} cannot be had now: ${found}`;
  return { kind: 'unavailable', fault: { reason: 'SecretUnavailable', message, next } };
}
