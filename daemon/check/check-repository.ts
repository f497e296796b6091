import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckPolicy } from '../../state-schema/generated/state-file.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { isoSeconds } from '../clock.ts';
import {
  checkArgs,
  damageFound,
  parseCheckProgress,
  type Damage,
  type ReadSubset,
} from '../commands/restic-check.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { packsArgs, partOfPack, parsePackLine } from '../commands/restic-packs.ts';
import { runRestic, type ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import { knownRepository } from '../policies/known-repository.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { repositoryLockFile, repositoryPlace, type NamedBackup } from '../policies/repository-place.ts';
import { callPatiently } from '../policies/restic-repository.ts';
import { patienceOf, type RunJob } from '../policies/run-job.ts';
import { afterReading, currentRound, noCoverage, nextParts, type Coverage } from './coverage.ts';
import { loadCoverage, saveCoverage, type CoverageOf } from './coverage-facts.ts';
import { readShare, type ReadShare } from './read-share.ts';

/** Into so many parts restic divides at the most: for reading few packs again. */
const FINEST = 256;

/** A check of one repository. */
export interface RepositoryCheck {
  readonly check: NamedPolicy<CheckPolicy>;
  /** The policy whose repository it is. */
  readonly backup: NamedBackup;
  readonly job: RunJob;
  readonly parts: PolicyParts;
}

/** What came of it. */
export type CheckResult =
  | {
      readonly kind: 'checked';
      /** Absent when everything that was looked at is good. */
      readonly damage?: Damage;
      readonly share: ReadShare;
      /** Ids of all packs; empty where data is not read by turns. */
      readonly packs: readonly string[];
      readonly coverage: Coverage;
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

interface Opened {
  readonly place: ResticPlace;
  readonly of: CoverageOf;
  readonly locks: readonly number[];
  readonly cache: string;
}

/** Checks one repository while nobody else uses it, and remembers which part of its data was read. Repairs nothing. */
export async function checkRepository(about: RepositoryCheck): Promise<CheckResult> {
  const { backup, job, parts, check } = about;
  const { repository } = backup.policy;
  const guarded = await guardRepository(repository, 'read', parts);
  if (guarded !== undefined) return failed(guarded);
  const had = await repositoryPlace(backup, parts);
  if (had.kind === 'fault') return had;
  const { nice, ionice } = check.policy;
  const place = { ...had.place, priority: { nice, ionice } };
  job.onProgress({ phase: `waiting for ${backup.name}` });
  const file = repositoryLockFile(parts.stateDir, repository);
  const lock = await waitForLock({ file, mode: 'exclusive' }, patienceOf(job, parts));
  if (lock.kind === 'busy') return failed(inUse(repository));
  const cache = join(parts.stateDir, 'check-cache', check.name);
  try {
    await rm(cache, { recursive: true, force: true });
    await mkdir(cache, { recursive: true, mode: 0o700 });
    const id = await knownRepository(backup, place, { parts, signal: job.signal });
    if (id.kind === 'fault') return id;
    const of = { policy: check.name, repository: id.id };
    return await readAndRemember(about, { place, of, cache, locks: [job.lock, lock.descriptor] });
  } finally {
    await rm(cache, { recursive: true, force: true });
    await lock.release();
  }
}

async function readAndRemember(about: RepositoryCheck, opened: Opened): Promise<CheckResult> {
  const { check, parts } = about;
  const share = readShare(check.policy.readData);
  const listed = await packsOf(about, opened);
  if ('reason' in listed) return failed(listed);
  const { packs } = listed;
  const of = share.kind === 'turns' ? share.of : FINEST;
  const remembered = await loadCoverage(parts.store, opened.of);
  const known = currentRound(
    remembered?.of === of ? remembered : { ...noCoverage(of), damaged: remembered?.damaged ?? [] },
    packs,
  );
  const turn = share.kind === 'turns' ? nextParts(known, packs, share.count) : [];
  const found = await readAll(about, opened, [...readAgain(known, packs), ...subsetsOf(share, turn)]);
  if ('reason' in found) return failed(found);
  const { damage } = found;
  const damaged = damage?.packs ?? [];
  const good = turn.filter((part) => !damaged.some((pack) => partOfPack(pack, of) === part));
  const at = isoSeconds(parts.clock.now());
  const coverage = { ...afterReading(known, { parts: good, packs, at }), damaged };
  await saveCoverage(parts.store, opened.of, coverage);
  return { kind: 'checked', share, packs, coverage, ...found };
}

/** Reads one after the other. What cannot be read any more does not hide what was found damaged before. */
async function readAll(
  about: RepositoryCheck,
  opened: Opened,
  subsets: readonly ReadSubset[],
): Promise<{ readonly damage?: Damage } | Fault> {
  const damages: Damage[] = [];
  for (const subset of subsets) {
    const found = await readOnce(about, opened, subset);
    if (!('reason' in found)) damages.push(...(found.damage === undefined ? [] : [found.damage]));
    else if (damages.length === 0) return found;
  }
  return damages.length === 0 ? {} : { damage: joined(damages) };
}

/** What was found damaged before is looked at first, so that only a repair makes it good again. */
function readAgain({ damaged }: Coverage, packs: readonly string[]): readonly ReadSubset[] {
  const there = damaged.filter((pack) => packs.includes(pack));
  const parts = new Set(there.map((pack) => partOfPack(pack, FINEST)));
  return [...parts].map((part) => ({ kind: 'part', part, of: FINEST }));
}

function subsetsOf(share: ReadShare, turn: readonly number[]): readonly ReadSubset[] {
  if (share.kind === 'once') return [share.subset];
  // A repository without packs has a structure all the same.
  if (turn.length === 0) return [{ kind: 'none' }];
  return turn.map((part) => ({ kind: 'part', part, of: share.of }));
}

async function packsOf(
  { job, backup }: RepositoryCheck,
  { place }: Opened,
): Promise<{ readonly packs: readonly string[] } | Fault> {
  const packs: string[] = [];
  function onStdoutLine(line: string): void {
    const pack = parsePackLine(line);
    if (pack !== undefined) packs.push(pack);
  }
  const result = await runRestic(place, { args: packsArgs(), signal: job.signal, onStdoutLine });
  if (result.code === 0) return { packs };
  return resticFault(result, { policy: backup.name, repository: backup.policy.repository });
}

async function readOnce(
  { check, backup, job, parts }: RepositoryCheck,
  { place, locks, cache }: Opened,
  subset: ReadSubset,
): Promise<{ readonly damage?: Damage } | Fault> {
  const { bandwidth } = check.policy;
  const limitKiB =
    bandwidth === undefined ? undefined : Math.max(1, Math.floor(parseSizeBytes(bandwidth) / 1024));
  const call = {
    args: checkArgs({ subset, cache, limitKiB }),
    locks,
    onStdoutLine(line: string): void {
      output.push(line);
      const progress = parseCheckProgress(line);
      if (progress !== undefined) job.onProgress({ ...progress, phase: `${backup.name}: ${progress.phase}` });
    },
  };
  const output: string[] = [];
  const result = await callPatiently(place, call, patienceOf(job, parts));
  const damage = damageFound({ ...result, stdout: output.join('\n') });
  if (damage !== undefined) return { damage };
  if (result.code === 0) return {};
  return resticFault(result, { policy: check.name, repository: backup.policy.repository });
}

function joined(damages: readonly Damage[]): Damage {
  const packs = new Set(damages.flatMap((damage) => damage.packs));
  const words = new Set(damages.flatMap((damage) => damage.words));
  return { packs: [...packs].toSorted(), words: [...words] };
}

function inUse(repository: string): Fault {
  return {
    reason: 'LockHeld',
    message: `the repository ${repository} was in use for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}

function failed(fault: Fault): CheckResult {
  return { kind: 'fault', fault };
}
