import { inspect } from 'node:util';

/** A secret. Printed, logged, interpolated or put into JSON it is `***`; only `reveal()` gives what it is. */
export class SecretValue {
  readonly #value: string;

  static {
    // Not a method: a name computed from an import cannot stand in a declaration file.
    Object.defineProperty(SecretValue.prototype, inspect.custom, { value: () => '***' });
  }

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Call it where it is handed over, and nowhere before. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}
