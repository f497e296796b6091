/** Shorter values are not looked for: they stand in every other sentence, and `***` there would tell more than it hides. Characters. */
const LEAST_LENGTH = 4;
/** Shorter values are looked for as they are, not encoded: their forms would be found by chance. Characters. */
const LEAST_ENCODED = 8;
const GUARD_LINE = /^-----/;

/** One thing to look for. */
export interface SecretForm {
  /** The source of a regular expression that finds it. */
  readonly pattern: string;
  /** What it looks like at its plainest. */
  readonly text: string;
}

/**
 * Every way in which a secret may stand in a text: as it is, each line of it, as JSON, addresses and shells write it,
 * in hexadecimal, and in base64, there also in the middle of something longer. Longest first. Pure.
 */
export function secretForms(value: string): readonly SecretForm[] {
  // A program that prints a key file prints it line by line.
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const long = lines.filter((line) => line.length >= LEAST_ENCODED && !GUARD_LINE.test(line));
  const pieces = new Set([value.trim(), ...(lines.length > 1 ? long : [])]);
  return [...pieces]
    .filter((piece) => piece.length >= LEAST_LENGTH)
    .flatMap((piece) => [{ pattern: quotedPattern(piece), text: piece }, ...encoded(piece)])
    .toSorted((one, other) => other.text.length - one.text.length);
}

/** Finds a text also where its marks are escaped for JSON, twice too, for a shell or an address. */
function quotedPattern(text: string): string {
  // A run of backslashes as one: each for itself would multiply the ways to try.
  return [...text.matchAll(/\\+|[^\\]/gu)].map(([part]) => partPattern(part)).join('');
}

function partPattern(part: string): string {
  if (/^[A-Za-z0-9]$/.test(part)) return part;
  if (/^\\{2,}$/.test(part))
    return `(?:${String.raw`\\`}{${part.length},${part.length * 4}}|(?:%5[cC]){${part.length}})`;
  const hex = [...Buffer.from(part)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`);
  const units = Array.from({ length: part.length }, (_, index) => part.charCodeAt(index));
  const unicode = units.map((unit) => `\\\\{1,3}u${anyCase(unit.toString(16).padStart(4, '0'))}`);
  const plain = part.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
  const ways = [`\\\\{0,3}${plain}`, hex.join(''), unicode.join(''), ...(SHORT[part] ?? [])];
  return `(?:${ways.join('|')})`;
}

/** Characters that have one more way of their own to be written. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  ' ': ['\\+'],
  '\n': ['\\\\{1,3}n'],
  '\r': ['\\\\{1,3}r'],
  '\t': ['\\\\{1,3}t'],
  "'": [String.raw`'\\''`],
};

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function encoded(text: string): readonly SecretForm[] {
  if (text.length < LEAST_ENCODED) return [];
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((before) => base64Amid(bytes, before));
  const hex = bytes.toString('hex');
  return [
    ...base64.map((form) => ({ pattern: base64Pattern(form), text: form })),
    { pattern: anyCase(hex), text: hex },
  ];
}

/** The alphabet for addresses writes two characters differently. */
function base64Pattern(form: string): string {
  return form.replaceAll('+', '[+-]').replaceAll('/', '[/_]');
}

/** The part of base64 that only these bytes decide, when so many others stand before them and any number after. */
function base64Amid(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isWhole = (before + bytes.length) % 3 === 0;
  return text.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
}
