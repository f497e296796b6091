import { secretForms, type SecretForm } from './secret-forms.ts';
import type { SecretValue } from './secret-value.ts';

/** Takes known secrets out of a text. */
export type Redact = (text: string) => string;

const SHOWN = '***';
/** Values of these keys are names and words of anchord's own: closed sets, or names that stand in the state repo for everybody to read. */
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'kind',
  'name',
  'policy',
  'reason',
  'state',
  'outcome',
  'trigger',
  'type',
  'status',
  'id',
  'runId',
  'host',
  'schedule',
  'timezone',
]);

/**
 * The values that must never be said, and what takes them out of all that is said: log, events, status, history, audit,
 * answers to commands. By exact value, because patterns miss what does not look like a secret.
 */
export class Redaction {
  readonly #values = new Set<string>();
  #forms: readonly SecretForm[] = [];
  #pattern: RegExp | undefined;

  /** Adds a value. */
  learn(secret: SecretValue): void {
    const value = secret.reveal();
    if (this.#values.has(value)) return;
    this.#values.add(value);
    // The longest first: otherwise a secret that contains another would be cut in two and its rest shown.
    this.#forms = [...this.#forms, ...secretForms(value)].toSorted(
      (one, other) => other.text.length - one.text.length,
    );
    const patterns = new Set(this.#forms.map(({ pattern }) => pattern));
    this.#pattern = patterns.size === 0 ? undefined : new RegExp([...patterns].join('|'), 'g');
  }

  /** The text with every known value in every known form replaced by `***`. */
  readonly text: Redact = (text) =>
    this.#pattern === undefined ? text : text.replaceAll(this.#pattern, SHOWN);

  /** The same of a text that was cut off: what its end may be the beginning of is taken out too. */
  readonly cutText: Redact = (text) => {
    const redacted = this.text(text);
    const longest = Math.max(0, ...this.#forms.map((form) => begun(redacted, form.text)));
    return longest === 0 ? redacted : `${redacted.slice(0, -longest)}${SHOWN}`;
  };

  /** A copy of plain data with every text in it redacted, but for names that anchord itself gives. */
  deep<Data>(data: Data): Data {
    return this.#pattern === undefined ? data : (this.#copy(data) as Data);
  }

  #copy(data: unknown): unknown {
    if (typeof data === 'string') return this.text(data);
    if (Array.isArray(data)) return data.map((one) => this.#copy(one));
    if (!isPlain(data)) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        typeof value === 'string' && PLAIN_KEYS.has(key) ? value : this.#copy(value),
      ]),
    );
  }
}

function isPlain(data: unknown): data is object {
  if (typeof data !== 'object' || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

/** How many characters at the end of a text are the beginning of a form, when they are enough to give it away. */
function begun(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= 4; length--)
    if (text.endsWith(form.slice(0, length))) return length;
  return 0;
}
