/** How a program gives way to others. */
export interface Priority {
  readonly nice?: number | undefined;
  readonly ionice?: 'best-effort' | 'idle' | undefined;
}

/**
 * A command that runs with a priority. nice and ionice replace themselves by what they start: signals still reach the
 * program itself. Pure.
 */
export function commandWithPriority(
  priority: Priority | undefined,
  command: readonly [program: string, ...args: string[]],
): { readonly program: string; readonly args: readonly string[] } {
  const [program, ...args] = [...prefix(priority), ...command];
  return { program: program ?? command[0], args };
}

function prefix(priority: Priority | undefined): readonly string[] {
  const nice = priority?.nice === undefined ? [] : ['nice', '-n', String(priority.nice)];
  if (priority?.ionice === undefined) return nice;
  return [...nice, 'ionice', '-c', priority.ionice === 'idle' ? '3' : '2'];
}
