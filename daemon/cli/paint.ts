/** Colours that every terminal has. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'dim';

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, blue: 34, dim: 2 };

/** Text in a colour, or as it is where colours are not wanted. Pure. */
export function paint(text: string, colour: Colour, io: { readonly colour: boolean }): string {
  return io.colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}
