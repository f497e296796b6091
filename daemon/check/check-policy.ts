import type { CheckPolicy } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import { notSetUp, programFault } from '../policies/preflight.ts';
import type { NamedBackup } from '../policies/repository-place.ts';
import { stopped, type RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { shellWord } from '../shell-word.ts';
import type { Damage } from '../commands/restic-check.ts';
import { checkRepository, type CheckResult } from './check-repository.ts';
import { coveredOf } from './coverage.ts';

type NamedCheck = NamedPolicy<CheckPolicy>;

interface Checked {
  readonly backup: NamedBackup;
  readonly result: CheckResult;
}

/** Packs that a message names. */
const NAMED_PACKS = 3;

/** What a person has to do before anything can be checked; undefined when at least one repository is there. */
export async function checkNotSetUp(check: NamedCheck, parts: PolicyParts): Promise<Fault | undefined> {
  let first: Fault | undefined;
  for (const backup of backupsOf(check)) {
    const fault = await notSetUp(backup, parts);
    if (fault === undefined) return undefined;
    first ??= fault;
  }
  return first;
}

/** Why it must wait: what would fail now for all repositories, or for a disk that is away and may come back. */
export async function checkPreflight(check: NamedCheck, parts: PolicyParts): Promise<Fault | undefined> {
  const missing = (await checkNotSetUp(check, parts)) ?? (await programFault(parts.path));
  if (missing !== undefined) return missing;
  for (const { policy } of backupsOf(check)) {
    const fault = await guardRepository(policy.repository, 'read', parts);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** One run of a check policy: each repository in its turn, whatever came of the one before. */
export async function checkPolicy(check: NamedCheck, job: RunJob, parts: PolicyParts): Promise<RunReport> {
  const checked: Checked[] = [];
  const seen = new Set<string>();
  for (const backup of backupsOf(check)) {
    // Two policies may share a repository: it is checked once.
    if (seen.has(backup.policy.repository)) continue;
    seen.add(backup.policy.repository);
    const fault = await notSetUp(backup, parts);
    const result: CheckResult =
      fault === undefined ? await checkRepository({ check, backup, job, parts }) : { kind: 'fault', fault };
    if (job.signal.aborted) return stopped(job);
    checked.push({ backup, result });
  }
  return reportOf(checked, parts);
}

/** The worst says how the run was; the message tells of each. */
function reportOf(checked: readonly Checked[], parts: PolicyParts): RunReport {
  const damaged = checked.find(({ result }) => result.kind === 'checked' && result.damage !== undefined);
  const told = checked.map((one) => wordsOf(one)).join('; ');
  if (damaged?.result.kind === 'checked' && damaged.result.damage !== undefined) {
    const next = repairWords(damaged.backup, damaged.result.damage);
    return faultReport('failed', redacted({ reason: 'RepositoryDamaged', message: told, next }, parts));
  }
  const faults = checked.flatMap(({ result }) => (result.kind === 'fault' ? [result.fault] : []));
  const [first] = faults;
  if (first === undefined) return { outcome: 'ok', message: told };
  const report = faultReport('failed', redacted({ ...first, message: told }, parts));
  return faults.length === checked.length ? report : { ...report, outcome: 'partial' };
}

function wordsOf({ backup, result }: Checked): string {
  if (result.kind === 'fault')
    return `${backup.name}: not checked: ${faultText({ message: result.fault.message })}`;
  const { damage, share, packs, coverage } = result;
  if (damage !== undefined) {
    const named = damage.packs.slice(0, NAMED_PACKS).join(', ');
    const more = damage.packs.length > NAMED_PACKS ? ` and ${damage.packs.length - NAMED_PACKS} more` : '';
    const what =
      damage.packs.length === 0 ? (damage.words[0] ?? 'restic does not say what') : `pack ${named}${more}`;
    return `${backup.name}: its repository is damaged: ${what}`;
  }
  if (share.kind === 'once') return `${backup.name}: ${onceWords(share.subset.kind)}`;
  const { parts, done } = coveredOf(coverage, packs);
  const { since, completedAt } = coverage;
  if (parts === 0) return `${backup.name}: it holds no data yet`;
  const whole = completedAt === undefined ? '' : `all ${parts} parts read by ${completedAt.slice(0, 10)}`;
  if (since === undefined) return `${backup.name}: ${whole}`;
  const round = `${done} of ${parts} parts read since ${since.slice(0, 10)}`;
  return `${backup.name}: ${[round, whole].filter((words) => words !== '').join(', ')}`;
}

function onceWords(kind: 'none' | 'all' | 'part' | 'percent' | 'bytes'): string {
  if (kind === 'none') return 'its structure is whole, data was not read';
  return kind === 'all' ? 'all data was read' : 'a random share of the data was read';
}

/** What a person does about it. anchord never repairs: what is removed from a repository is gone. */
function repairWords({ name, policy }: NamedBackup, { packs }: Damage): string {
  const repository = shellWord(policy.repository);
  if (packs.length === 0)
    return `keep a copy of ${policy.repository}; then, with its password: restic -r ${repository} repair index (restic 0.16 or later)`;
  const ids = packs.slice(0, NAMED_PACKS).join(' ');
  const all = packs.length > NAMED_PACKS ? `${ids} …` : ids;
  return `keep a copy of ${policy.repository}; then, with its password and restic 0.16 or later: restic -r ${repository} repair packs ${all} && restic -r ${repository} repair snapshots --forget; then anchord policy run ${name}`;
}

function redacted(fault: Fault, { secrets }: PolicyParts): Fault {
  return {
    ...fault,
    message: secrets.redact(fault.message),
    ...(fault.next === undefined ? {} : { next: secrets.redact(fault.next) }),
  };
}

/** A revision is only accepted when each of them is a backup. */
function backupsOf({ policy, state }: NamedCheck): readonly NamedBackup[] {
  return policy.of.flatMap((name) => {
    const found = state.policies[name];
    return found?.kind === 'backup' ? [{ name, policy: found, state }] : [];
  });
}
