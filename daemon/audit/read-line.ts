import { isUtf8 } from 'node:buffer';
import { canonicalJson, type CanonicalValue } from './canonical-json.ts';
import { LINE_LIMIT_BYTES } from './chain.ts';

/** What of a line links it to others. */
export interface ReadLine {
  readonly prev: string;
  readonly seq: number;
  readonly time: string;
}

/** The lines of a file without their newlines, and what stands behind the last newline. Pure. */
export function linesOf(bytes: Uint8Array): {
  readonly whole: readonly Uint8Array[];
  readonly rest: Uint8Array;
} {
  const whole: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    whole.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { whole, rest: bytes.subarray(start) };
}

/** A line of the audit; undefined when it is none, or could have been written in another way. Pure. */
export function readLine(bytes: Uint8Array): ReadLine | undefined {
  if (bytes.length > LINE_LIMIT_BYTES || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes).toString();
  try {
    const value = JSON.parse(text) as CanonicalValue;
    return canonicalJson(value) === text && isLine(value) ? value : undefined;
  } catch {
    return undefined; // no JSON, or a number or a null that no line of ours holds
  }
}

function isLine(value: unknown): value is ReadLine {
  const { facts, kind, prev, seq, time } = value as Record<string, unknown>;
  return (
    typeof facts === 'object' &&
    typeof kind === 'string' &&
    typeof prev === 'string' &&
    typeof seq === 'number' &&
    typeof time === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) &&
    Object.keys(value as object).length === 5
  );
}
