import type { PolicyStatus } from '../../state-schema/generated/status.ts';
import type { ConditionWord } from './conditions.ts';

/** Conditions that nothing in this version moves, said plainly from the start. */
export function startingWords(): readonly ConditionWord[] {
  return [
    {
      type: 'Proved',
      status: 'Unknown',
      reason: 'NeverProved',
      message: 'No restore drill has proved a backup yet.',
    },
  ];
}

/** Whether every backup that runs here is as fresh as its schedule says. */
export function backupsWord(statuses: readonly PolicyStatus[]): ConditionWord {
  const backups = statuses.filter((status) => status.kind === 'backup' && status.state !== 'not-carried-out');
  const bad = backups.find(
    (status) =>
      status.state === 'failed' ||
      status.state === 'partial' ||
      status.state === 'overdue' ||
      status.state === 'waiting',
  );
  if (bad !== undefined) {
    return {
      type: 'BackupsCurrent',
      status: 'False',
      reason: bad.reason,
      message: `${bad.name}: ${bad.message}`,
    };
  }
  if (backups.length === 0) {
    return {
      type: 'BackupsCurrent',
      status: 'Unknown',
      reason: 'NoBackups',
      message: 'No backup is declared that runs here.',
    };
  }
  const fresh = backups.every((status) => status.lastSuccessAt !== undefined);
  return fresh
    ? {
        type: 'BackupsCurrent',
        status: 'True',
        reason: 'BackupsFresh',
        message:
          backups.length === 1 ? 'The one backup is fresh.' : `All ${backups.length} backups are fresh.`,
      }
    : {
        type: 'BackupsCurrent',
        status: 'Unknown',
        reason: 'NeverRun',
        message: 'Not every backup has run yet.',
      };
}
