import type { Reason } from '../state-schema/generated/status.ts';

/** What went wrong, for machines (`reason`) and for a person (`message`: the thing, found, expected, next step). */
export interface Fault {
  readonly reason: Reason;
  readonly message: string;
  /** What to do next, a command where there is one. */
  readonly next?: string;
}

abstract class FaultError extends Error implements Fault {
  readonly reason: Reason;
  readonly next?: string;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.reason = fault.reason;
    if (fault.next !== undefined) this.next = fault.next;
  }
}

/** A person must act: retrying by itself cannot help, so the loop only looks again when something changed. */
export class Stalled extends FaultError {
  override readonly name = 'Stalled';
}

/** Nothing is broken, but this cannot go on before `until`. */
export class Waiting extends FaultError {
  override readonly name = 'Waiting';
  readonly until: Date;

  constructor(fault: Fault & { readonly until: Date }, options?: ErrorOptions) {
    super(fault, options);
    this.until = fault.until;
  }
}

/** It may work next time: the loop retries with capped exponential backoff and jitter. */
export class Transient extends FaultError {
  override readonly name = 'Transient';
}

/** Whether a thrown value already says what went wrong and what to do next. */
export function isFault(error: unknown): error is Stalled | Waiting | Transient {
  return error instanceof FaultError;
}

/**
 * The fault inside any thrown value; what was not typed is an internal error. A plain value, because the message of an
 * Error is left out when it is written as JSON.
 */
export function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) {
    const { reason, message, next } = error;
    return { reason, message, ...(next === undefined ? {} : { next }) };
  }
  return { reason: 'InternalError', message: error instanceof Error ? error.message : String(error) };
}
