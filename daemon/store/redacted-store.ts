import type { Redaction } from '../secrets/redaction.ts';
import type { Store } from './store.ts';

const WRITES = /^(?:save|add|begin|end|remember|forget|set|put)/;

/**
 * A store that keeps no known secret, whatever it is given: what a program said may hold one, and lives on in history,
 * status and audit. Made for every method that writes, also those that come later.
 */
export function redactedStore(store: Store, redaction: Redaction): Store {
  return new Proxy(store, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      // A store has private fields, so its methods are called on itself, not on this.
      if (typeof key !== 'string' || !WRITES.test(key)) return value.bind(target) as unknown;
      return (...args: readonly unknown[]): unknown =>
        Reflect.apply(
          value,
          target,
          args.map((arg) => redaction.deep(arg)),
        );
    },
  });
}
