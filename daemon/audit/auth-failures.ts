import type { AuditFact } from './fact.ts';

/** After a line about failures, the next ones are counted for so long. Milliseconds. */
const WINDOW_MS = 10 * 60_000;
/** So many callers of a window are named. */
const NAMED = 5;
/** So many callers of a window are told apart; an attacker may have very many addresses. */
const COUNTED = 1_000;

/** Somebody who could not prove who they are. */
export interface AuthFailure {
  /** What was asked for. */
  readonly door: string;
  /** The address that asked, where one is known. */
  readonly from?: string;
}

/**
 * Tells of failures to prove who one is: of the first at once, of all that follow within ten minutes in one line. However
 * many there are, they cost the audit six lines an hour.
 */
export class AuthFailures {
  readonly #record: (fact: AuditFact) => void;
  readonly #callers = new Map<string, { readonly failure: AuthFailure; count: number }>();
  #count = 0;
  #window: NodeJS.Timeout | undefined;

  constructor(record: (fact: AuditFact) => void) {
    this.#record = record;
  }

  /** Takes one failure. */
  note(failure: AuthFailure): void {
    this.#count += 1;
    const name = `${failure.door} ${failure.from ?? ''}`;
    const known = this.#callers.get(name);
    if (known !== undefined) known.count += 1;
    else if (this.#callers.size < COUNTED) this.#callers.set(name, { failure, count: 1 });
    if (this.#window !== undefined) return;
    this.#tell();
    this.#begin();
  }

  /** Tells now of what was only counted. */
  end(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    this.#tell();
  }

  #begin(): void {
    this.#window = setTimeout(() => {
      const goesOn = this.#count > 0;
      this.end();
      // While they go on, each window has one line; after a quiet one the next is told at once again.
      if (goesOn) this.#begin();
    }, WINDOW_MS).unref();
  }

  #tell(): void {
    if (this.#count === 0) return;
    const worst = [...this.#callers.values()]
      .toSorted((one, other) => other.count - one.count)
      .slice(0, NAMED);
    const callers = worst.map(({ failure: { door, from }, count }) => ({
      door,
      count,
      ...(from === undefined ? {} : { from }),
    }));
    this.#record({ kind: 'auth.failed', facts: { count: this.#count, callers } });
    this.#count = 0;
    this.#callers.clear();
  }
}
