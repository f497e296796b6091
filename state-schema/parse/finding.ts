import type { ProblemCode } from '../problem.ts';

/** Keys and list indexes from the top of a file, or of the merged state, down to one value. */
export type ValuePath = readonly (string | number)[];

/** A fault before its place in a file is looked up. */
export interface Finding {
  readonly code: ProblemCode;
  /** The value it is about; for a missing key the mapping that lacks it. */
  readonly at: ValuePath;
  /** Whether the key itself or the value behind it is wrong. */
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly nearest?: string;
  /** Keys of the other places that a fault needs. */
  readonly also?: readonly ValuePath[];
}

/** A value's path as a JSON pointer (RFC 6901). */
export function toPointer(path: ValuePath): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys that a JSON pointer names. */
export function fromPointer(pointer: string): string[] {
  if (pointer === '') return [];
  const parts = pointer.slice(1).split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
