import { InvalidArgumentError } from 'commander';

/** An option's value as a whole number from 1 to 100,000; commander tells the caller when it is none. */
export function numberArgument(text: string): number {
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('a whole number from 1 to 100000 is expected.');
}
