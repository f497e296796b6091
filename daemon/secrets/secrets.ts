import type { AllowSettings, OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { Secret } from '../../state-schema/generated/state-file.ts';
import { redact } from './redact.ts';
import { resolveSecret, type ResolvedSecret } from './resolve-secret.ts';
import type { SecretValue } from './secret-value.ts';

/** What of the host decides where secrets may come from. */
export interface SecretsPlace {
  readonly allow?: AllowSettings | undefined;
  readonly overrides?: OverrideSettings | undefined;
  /** Prefix of the paths in `allow`; those in `overrides` are real paths. */
  readonly root: string;
}

/** The secrets of one host: looks them up, and knows every value it gave out, so that none is ever said aloud. */
export class Secrets {
  readonly #place: SecretsPlace;
  readonly #known = new Map<string, SecretValue>();

  constructor(place: SecretsPlace) {
    this.#place = place;
  }

  /** Looks a secret up by its name among those the state repo declares. Read anew, so that a rotated one needs no restart. */
  async resolve(name: string, declared: Readonly<Record<string, Secret>>): Promise<ResolvedSecret> {
    const found = await resolveSecret(name, { ...this.#place, declared });
    if (found.kind === 'resolved') this.learn(found.value);
    return found;
  }

  /** Adds a value that did not come from here to those that are never said. */
  learn(value: SecretValue): void {
    this.#known.set(value.reveal(), value);
  }

  /** The text with every known value replaced by `***`. */
  redact(text: string): string {
    return redact(text, [...this.#known.values()]);
  }
}
