import type { CommandSecret } from '../../state-schema/generated/state-file.ts';
import { run, type RunResult } from '../process/run.ts';
import { missingSecret, provided, unavailableSecret, type ProvidedSecret } from './provided-secret.ts';
import type { Redact } from './redaction.ts';

const TIMEOUT_MS = 30_000;
/** More than any key; a command that prints more prints something else. Characters. */
const OUTPUT_LIMIT = 64 * 1024;

/** What a command of the host settings runs with. */
export interface CommandPlace {
  readonly commands: Readonly<Record<string, readonly string[]>> | undefined;
  readonly path: string;
  /** HOME of the command. */
  readonly home: string;
  readonly redact: Redact;
  /** Milliseconds a command may take. Default 30 s. */
  readonly timeoutMs?: number | undefined;
}

/**
 * What a command of the host settings prints, without its last line end. Nothing that a push says reaches it: neither an
 * argument nor a variable.
 */
export async function fromCommand(
  name: string,
  { command }: CommandSecret,
  place: CommandPlace,
): Promise<ProvidedSecret> {
  const { commands, path, home, redact, timeoutMs = TIMEOUT_MS } = place;
  const [program, ...args] = own(commands, command) ?? [];
  if (program === undefined) {
    return missingSecret(
      name,
      `it comes from the command "${command}", which this host's settings do not allow`,
      `add allow: { secrets: { commands: { ${command}: [PROGRAM, ARGUMENT] } } } to the host settings`,
    );
  }
  const result = await run({ program, args, env: { PATH: path, HOME: home }, timeoutMs });
  const next = `run it by hand as the user of anchord; it is allow.secrets.commands.${command} in the host settings`;
  const failure = failureOf(result, timeoutMs);
  if (failure !== undefined) {
    // A command that fails halfway may have printed the secret with its complaint.
    const said = lastLine(redact(withoutOutput(result)));
    return unavailableSecret(
      name,
      `the command "${command}" ${failure}${said === '' ? '' : ` and said: ${said}`}`,
      next,
    );
  }
  if (result.stdout.length > OUTPUT_LIMIT)
    return missingSecret(name, `the command "${command}" printed more than ${OUTPUT_LIMIT} characters`, next);
  return provided(name, `what the command "${command}" prints`, result.stdout.replace(/\r?\n$/, ''));
}

function failureOf(result: RunResult, timeoutMs: number): string | undefined {
  switch (result.end) {
    case 'not-found':
      return 'is not there';
    case 'timed-out':
      return `did not end within ${timeoutMs / 1000} s`;
    case 'signalled':
    case 'stopped':
      return `was ended by ${result.signal ?? 'a signal'}`;
    case 'exited':
      return result.code === 0 ? undefined : `ended with ${result.code ?? 'no status'}`;
  }
}

/** What it said on stderr, without what it also printed on stdout: that may be the secret, which nobody knows yet. */
function withoutOutput({ stdout, stderr }: RunResult): string {
  const printed = stdout.split('\n').map((line) => line.trim());
  return printed
    .filter((line) => line.length >= 4)
    .reduce((text, line) => text.replaceAll(line, '***'), stderr);
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => line !== '') ?? '').slice(0, 300);
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
