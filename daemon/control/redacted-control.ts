import type { Redaction } from '../secrets/redaction.ts';
import type { Control } from './control.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The same commands, whose answers hold no known secret: a refusal may quote what a program said. */
export function redactedControl(control: Control, redaction: Redaction): Control {
  const methods = Object.entries(control).map(([name, method]: [string, Method]) => {
    async function redacted(...args: readonly unknown[]): Promise<unknown> {
      return redaction.deep(await method(...args));
    }
    // The status is redacted where it is composed, and may be large.
    return [name, name === 'status' ? method : redacted];
  });
  // Each method answers what it did before; the compiler cannot follow that through the entries.
  return Object.fromEntries(methods) as Control;
}
