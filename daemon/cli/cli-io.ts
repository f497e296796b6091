/** All that a command may use of the terminal it runs in: `main.ts` makes the real one, tests their own. */
export interface CliIo {
  /** Writes to standard output as it is; no line end is added. */
  stdout(text: string): void;
  /** Writes to standard error as it is; no line end is added. */
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal: progress and colour only make sense there. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; 80 when it has none. */
  readonly columns: number;
  /** Whether to colour: a terminal, and `NO_COLOR` is not set. */
  readonly colour: boolean;
  /** Says with which status the program ends, once everything is written. Does not end it. */
  exit(code: number): void;
}
