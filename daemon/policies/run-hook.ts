import type { Fault } from '../errors.ts';
import { run, type RunResult } from '../process/run.ts';
import type { PolicyParts } from './policy-parts.ts';

/** A hook that has not ended by then is stopped: writers must not stand still for ever. Milliseconds. */
const TIMEOUT_MS = 5 * 60_000;
const SHOWN = 500;

/** One half of a pair of the host settings, and for whom it runs. */
export interface HookCall {
  /** Name of the pair. */
  readonly hook: string;
  readonly half: 'before' | 'after';
  readonly policy: string;
  /** Ends it early; never given for `after`, which must run whatever happened. */
  readonly signal?: AbortSignal;
}

/**
 * Runs one hook of the host settings: the program and its arguments, no shell, an environment of four words. Gives why it
 * did not end well.
 */
export async function runHook(call: HookCall, parts: PolicyParts): Promise<Fault | undefined> {
  const { hook, half, policy, signal } = call;
  const argv = hookPair(hook, parts)?.[half];
  const [program, ...args] = argv ?? [];
  if (program === undefined) return unknownHook(hook);
  const result = await run({
    program,
    args,
    env: { PATH: parts.path, LC_ALL: 'C.UTF-8', ANCHORD_POLICY: policy, ANCHORD_HOOK: half },
    cwd: '/',
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.code === 0) return undefined;
  return {
    reason: 'FreezeFailed',
    message: `${half} of the freeze hook ${hook} (${program}) ${words(result)}${said(result, parts)}`,
    next: `look why with: ${program}`,
  };
}

/** Why a policy that names a hook cannot begin: this host has none of that name. */
export function hookFault(hook: string | undefined, parts: PolicyParts): Fault | undefined {
  return hook === undefined || hookPair(hook, parts) !== undefined ? undefined : unknownHook(hook);
}

function hookPair(
  hook: string,
  { settings }: PolicyParts,
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  const hooks = settings.allow.hooks ?? {};
  return Object.hasOwn(hooks, hook) ? hooks[hook] : undefined;
}

function unknownHook(hook: string): Fault {
  return {
    reason: 'FreezeFailed',
    message: `the freeze hook ${hook} is not in the host settings`,
    next: `add it there under allow: hooks: ${hook}: with before and after, and restart anchord`,
  };
}

function words({ end, code, signal }: RunResult): string {
  switch (end) {
    case 'not-found':
      return 'is no program that can be started';
    case 'timed-out':
      return `took longer than ${TIMEOUT_MS / 60_000} minutes and was stopped`;
    case 'stopped':
      return 'was stopped';
    case 'signalled':
      return `was ended by ${signal ?? 'a signal'}`;
    case 'exited':
      return `ended with ${code}`;
  }
}

function said({ stderr, stdout }: RunResult, { secrets }: PolicyParts): string {
  const text = (stderr.trim() === '' ? stdout : stderr).trim();
  // The end of it: what went wrong most often stands there. Cut after, or half a secret could stay.
  const shown = secrets
    .redact(text)
    .slice(-SHOWN)
    .replaceAll(/\p{Cc}+/gu, ' ');
  return shown === '' ? '' : `: ${shown}`;
}
