import { Transient } from '../errors.ts';
import { run, type RunResult } from '../process/run.ts';

/**
 * Whom directories can belong to. `simulated`: the daemon is not root on a real host (the demo, tests), so owners are
 * checked and shown, and left alone.
 */
export type Owners =
  | { readonly kind: 'simulated' }
  | {
      readonly kind: 'real';
      readonly users: ReadonlyMap<string, number>;
      readonly groups: ReadonlyMap<string, number>;
    };

/**
 * Asks the host for the numbers of these users and groups; names it does not know are left out. Throws `Transient` when
 * the host does not answer: not to know is not the same as to know that there is no such user.
 */
export async function lookUpOwners(names: {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly path: string;
}): Promise<Owners> {
  const [users, groups] = await Promise.all([
    getent('passwd', names.users, names.path),
    getent('group', names.groups, names.path),
  ]);
  return { kind: 'real', users, groups };
}

async function getent(
  database: 'passwd' | 'group',
  names: readonly string[],
  path: string,
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const result = await run({
    program: 'getent',
    args: ['--', database, ...names],
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: 30_000,
  });
  // 2: some of the names are unknown, getent(1).
  if (result.code !== 0 && result.code !== 2) throw noAnswer(database, result);
  const numbers = new Map<string, number>();
  for (const line of result.stdout.split('\n')) {
    const [name, , number] = line.split(':');
    if (name !== undefined && number !== undefined) numbers.set(name, Number(number));
  }
  return numbers;
}

function noAnswer(database: 'passwd' | 'group', result: RunResult): Transient {
  const how = result.end === 'exited' ? `exit status ${result.code ?? ''}` : result.end;
  return new Transient({
    reason: result.end === 'not-found' ? 'ProgramMissing' : 'ProgramFailed',
    message: `getent ${database} did not say which users and groups this host has (${how})`,
    next: 'try it: getent passwd root',
  });
}
