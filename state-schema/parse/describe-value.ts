import { looksLikeSecret } from '../looks-like-secret.ts';
import { quote } from '../quote.ts';

/** A value as a message names it. What looks like a secret is not repeated: messages reach the status branch. */
export function describeValue(key: string, value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  if (typeof value === 'string')
    return looksLikeSecret(key, value) ? 'a text that looks like a secret' : quote(value);
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'boolean' ? String(value) : 'something strange';
}
