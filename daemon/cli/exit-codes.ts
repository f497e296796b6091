import type { RunOutcome, Reason } from '../../state-schema/generated/status.ts';

/** What the program's exit status says, the same for every command. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  invalid: 4,
  refused: 5,
  unreachable: 6,
  tampered: 7,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed',
  2: 'wrong usage',
  3: 'done in part',
  4: 'invalid state repo',
  5: 'refused by a guard or limit',
  6: 'not reachable',
  7: 'tampered with',
};

const REFUSALS: ReadonlySet<Reason> = new Set<Reason>([
  'GuardFailed',
  'NotMounted',
  'WrongIdentity',
  'SentinelMissing',
  'SentinelWrong',
  'NotAdopted',
  'ReadOnly',
  'DiskErrors',
  'BelowMinimumFree',
  'RepositoryChanged',
  'SourceMissing',
  'RewriteRefused',
  'NotCarriedOutYet',
  'LockHeld',
  'FirstRun',
  'LimitExceeded',
  'PlanUnknown',
  'TargetRefused',
  'Suspended',
]);

/** The table of exit codes for a command's help. */
export function exitCodeHelp(codes: readonly number[]): string {
  return `\nExit codes:\n${codes.map((code) => `  ${code}  ${WORDS[code] ?? ''}`).join('\n')}\n`;
}

/** The exit code for how a run ended. */
export function exitCodeOfRun(run: { readonly outcome: RunOutcome }): number {
  switch (run.outcome) {
    case 'ok':
      return exitCodes.done;
    case 'partial':
      return exitCodes.partial;
    case 'refused':
      return exitCodes.refused;
    case 'failed':
    case 'cancelled':
    case 'skipped':
      return exitCodes.failed;
  }
}

/** The exit code for why something was not done. */
export function exitCodeOfReason(reason: Reason): number {
  return REFUSALS.has(reason) ? exitCodes.refused : exitCodes.failed;
}
