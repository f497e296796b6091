import type {
  AllowSettings,
  OverrideSettings,
  SecretProviders,
} from '../../state-schema/generated/host-settings.ts';
import type { Secret } from '../../state-schema/generated/state-file.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import { fromFile } from './from-files.ts';
import { missingSecret, type ProvidedSecret } from './provided-secret.ts';
import { Providers } from './providers.ts';
import { Redaction, type Redact } from './redaction.ts';
import type { SecretValue } from './secret-value.ts';

/** How long the answer of a service or command is good, so that one run does not ask ten times. Milliseconds. */
const GOOD_FOR_MS = 60_000;
/** A provider that is down is asked again after this, while there is a value from before. Milliseconds. */
const ASK_AGAIN_MS = 30_000;

/** What of the host decides where secrets may come from. */
export interface SecretsPlace {
  readonly allow?: AllowSettings | undefined;
  readonly overrides?: OverrideSettings | undefined;
  readonly providers?: SecretProviders | undefined;
  /** Prefix of the paths in `allow`; those in `overrides` are real paths. */
  readonly root: string;
  /** PATH of commands that print secrets. */
  readonly path?: string | undefined;
  /** HOME of such commands. */
  readonly home?: string | undefined;
  /** Where systemd put the credentials of this process, when it did: $CREDENTIALS_DIRECTORY. */
  readonly credentialsDir?: string | undefined;
  readonly clock?: Pick<Clock, 'monotonic'> | undefined;
  readonly emit?: Emit | undefined;
  /** What knows the values that are never said; by default one of its own. */
  readonly redaction?: Redaction | undefined;
}

/** A secret's value, or the reason it cannot be had. */
export type ResolvedSecret =
  | { readonly kind: 'resolved'; readonly value: SecretValue }
  | { readonly kind: 'missing'; readonly fault: Fault };

type Declared = Readonly<Record<string, Secret>>;

interface Held {
  readonly value: SecretValue;
  /** Monotonic time from which on the provider is asked again. */
  readonly askAt: number;
}

/**
 * The secrets of one host. Each is asked for when it is needed, so that a rotated one needs no restart; what a service
 * answered is good for a minute. While its provider is down the last value goes on being used, for as long as this
 * process lives, and an event and the policies that need it say so. Nothing is ever written down.
 */
export class Secrets {
  readonly redaction: Redaction;
  readonly #place: SecretsPlace;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #providers: Providers;
  readonly #held = new Map<string, Held>();
  readonly #asking = new Map<string, Promise<ProvidedSecret>>();
  readonly #stale = new Map<string, Fault>();

  constructor(place: SecretsPlace) {
    this.#place = place;
    this.redaction = place.redaction ?? new Redaction();
    this.#clock = place.clock ?? systemClock;
    this.#providers = new Providers(
      {
        allow: place.allow?.secrets ?? {},
        providers: place.providers ?? {},
        root: place.root,
        path: place.path ?? '',
        home: place.home ?? '/nonexistent',
        credentialsDir: place.credentialsDir,
      },
      { clock: this.#clock, learn: (value) => this.learn(value), redact: this.redaction.text },
    );
  }

  /** Looks a secret up by its name: what the host settings put in its place, or one of those that the state repo declares. */
  async resolve(name: string, declared: Declared): Promise<ResolvedSecret> {
    const key = this.#keyOf(name, declared);
    const held = this.#held.get(key);
    if (held !== undefined && this.#clock.monotonic() < held.askAt)
      return { kind: 'resolved', value: held.value };
    const answer = await this.#askOnce(key, () => this.#ask(name, declared));
    switch (answer.kind) {
      case 'value':
        return this.#keep(name, { key, value: answer.value, goodForMs: this.#goodForMs(name, declared) });
      case 'unavailable':
        return this.#last(name, key, answer.fault);
      case 'missing':
        this.#held.delete(key);
        this.#fresh(name);
        return { kind: 'missing', fault: answer.fault };
    }
  }

  /** Why the last value of a secret is used instead of the one that its provider has; undefined for all others. */
  stale(name: string): Fault | undefined {
    return this.#stale.get(name);
  }

  /** Asks again for every secret whose last value is used, so that it is known when its provider is back. Never rejects. */
  async askStale(declared: Declared): Promise<void> {
    for (const name of this.#stale.keys()) {
      // Nobody needs it any more.
      if (own(declared, name) === undefined) this.#stale.delete(name);
      else await this.resolve(name, declared);
    }
  }

  /** Makes the next use ask the provider: whoever was shown the value did not take it. The last value stays for the case that the provider is down. */
  askAgain(name: string): void {
    for (const [key, held] of this.#held)
      if (nameOf(key) === name) this.#held.set(key, { ...held, askAt: -Infinity });
  }

  /** Adds a value that did not come from here to those that are never said. */
  learn(value: SecretValue): void {
    this.redaction.learn(value);
  }

  /** The text with every known value replaced by `***`. */
  get redact(): Redact {
    return this.redaction.text;
  }

  /** Not by the name alone: when a push lets a secret come from elsewhere, the value from before is another secret's. */
  #keyOf(name: string, declared: Declared): string {
    return JSON.stringify([name, own(this.#place.overrides?.secrets, name) ?? own(declared, name)]);
  }

  async #ask(name: string, declared: Declared): Promise<ProvidedSecret> {
    const override = own(this.#place.overrides?.secrets, name);
    if (override !== undefined)
      return await fromFile(name, 'host settings, overrides.secrets', override.file);
    const secret = own(declared, name);
    if (secret !== undefined) return await this.#providers.ask(name, secret);
    return missingSecret(name, 'it is not declared', `declare ${name} under secrets: in the state repo`);
  }

  /** Policies that start at once share one question. */
  async #askOnce(key: string, ask: () => Promise<ProvidedSecret>): Promise<ProvidedSecret> {
    const asking = this.#asking.get(key) ?? ask().finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return await asking;
  }

  /** Files are read anew each time; they cost nothing. */
  #goodForMs(name: string, declared: Declared): number {
    if (own(this.#place.overrides?.secrets, name) !== undefined) return 0;
    switch (own(declared, name)?.from) {
      case 'command':
      case 'azure-key-vault':
      case 'onepassword':
        return GOOD_FOR_MS;
      default:
        return 0;
    }
  }

  #keep(
    name: string,
    {
      key,
      value,
      goodForMs,
    }: { readonly key: string; readonly value: SecretValue; readonly goodForMs: number },
  ): ResolvedSecret {
    this.learn(value);
    if (goodForMs > 0) this.#held.set(key, { value, askAt: this.#clock.monotonic() + goodForMs });
    this.#fresh(name);
    return { kind: 'resolved', value };
  }

  #last(name: string, key: string, fault: Fault): ResolvedSecret {
    const held = this.#held.get(key);
    if (held === undefined) return { kind: 'missing', fault };
    this.#held.set(key, { ...held, askAt: this.#clock.monotonic() + ASK_AGAIN_MS });
    const stale: Fault = {
      ...fault,
      reason: 'SecretStale',
      message: `${fault.message}; the last value known is used`,
    };
    if (!this.#stale.has(name)) this.#place.emit?.({ kind: 'secret.stale', secret: name, fault: stale });
    this.#stale.set(name, stale);
    return { kind: 'resolved', value: held.value };
  }

  #fresh(name: string): void {
    if (this.#stale.delete(name)) this.#place.emit?.({ kind: 'secret.fresh', secret: name });
  }
}

function nameOf(key: string): string {
  return String((JSON.parse(key) as readonly unknown[])[0]);
}

/** Names come from a push: `constructor` must not find what every object has. */
function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
