import { randomInt } from 'node:crypto';
import type { DrillPolicy } from '../../state-schema/generated/state-file.ts';
import { bytesWords } from '../bytes-words.ts';
import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { NamedMirror } from '../mirror/mirror-job.ts';
import { mirrorPreflight } from '../mirror/mirror-preflight.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { notSetUp, programFault } from '../policies/preflight.ts';
import { rememberProved } from '../policies/proved-snapshot.ts';
import type { NamedBackup } from '../policies/repository-place.ts';
import { stopped, type RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { makeScratch } from '../policies/scratch.ts';
import { drillBackup, type Drill } from './drill-backup.ts';
import { drillMirror } from './drill-mirror.ts';
import type { Drilled, DrillResult } from './drilled.ts';
import { rememberProof, type Proof } from './proof.ts';
import { seededRandom } from './seeded-random.ts';

/** A drill policy of the current revision. */
export type NamedDrill = NamedPolicy<DrillPolicy>;

/** Files of each copy, when the policy does not say. */
const SAMPLE = 20;
/** So many files that are wrong are named in a message. */
const NAMED = 3;

type Copy = NamedBackup | NamedMirror;

interface Told {
  readonly name: string;
  readonly result: DrillResult;
}

/** What a person has to do before anything can be drilled; undefined when at least one copy can be. */
export async function drillNotSetUp(drill: NamedDrill, parts: PolicyParts): Promise<Fault | undefined> {
  let first: Fault | undefined;
  for (const copy of copiesOf(drill)) {
    const fault = await copyNotSetUp(copy, parts);
    if (fault === undefined) return undefined;
    first ??= fault;
  }
  return first;
}

/** Why it must wait: what would fail now for all copies, or for a disk that is away and may come back. */
export async function drillPreflight(drill: NamedDrill, parts: PolicyParts): Promise<Fault | undefined> {
  const missing = await drillNotSetUp(drill, parts);
  if (missing !== undefined) return missing;
  for (const copy of copiesOf(drill)) {
    const fault = isBackup(copy)
      ? ((await guardRepository(copy.policy.repository, 'read', parts)) ?? (await programFault(parts.path)))
      : await mirrorPreflight(copy, parts);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** One run of a drill policy: each copy in its turn, whatever came of the one before. Repairs nothing. */
export async function drillPolicy(drill: NamedDrill, job: RunJob, parts: PolicyParts): Promise<RunReport> {
  const seed = randomInt(2 ** 32);
  const told: Told[] = [];
  for (const copy of copiesOf(drill)) {
    await using scratch = await makeScratch(parts.stateDir, drill.name);
    const count = drill.policy.sample ?? SAMPLE;
    const one: Drill = { drill, job, parts, count, random: seededRandom(seed), scratch: scratch.path };
    const result = await drillCopy(one, copy);
    if (job.signal.aborted) return stopped(job);
    if (result.kind === 'drilled') await remember({ copy, drill, parts, seed }, result.drilled);
    told.push({ name: copy.name, result });
  }
  return redacted(reportOf(told), parts);
}

async function drillCopy(drill: Drill, copy: Copy): Promise<DrillResult> {
  const fault = await copyNotSetUp(copy, drill.parts);
  if (fault !== undefined) return { kind: 'fault', fault };
  return isBackup(copy) ? await drillBackup(drill, copy) : await drillMirror(drill, copy);
}

async function copyNotSetUp(copy: Copy, parts: PolicyParts): Promise<Fault | undefined> {
  return isBackup(copy) ? await notSetUp(copy, parts) : undefined;
}

async function remember(
  about: {
    readonly copy: Copy;
    readonly drill: NamedDrill;
    readonly parts: PolicyParts;
    readonly seed: number;
  },
  drilled: Drilled,
): Promise<void> {
  const { copy, drill, parts, seed } = about;
  const { files, bytes, hashed } = drilled;
  const at = isoSeconds(parts.clock.now());
  const proof: Proof = { at, by: drill.name, seed, verdict: verdictOf(drilled), files, bytes, hashed };
  await rememberProof(parts.store, copy.name, proof);
  if (drilled.snapshot !== undefined) await rememberProved(parts.store, copy.name, drilled.snapshot);
}

function verdictOf(drilled: Drilled): Proof['verdict'] {
  if (drilled.wrongCount > 0) return 'wrong';
  return drilled.isIncomplete || drilled.files === 0 ? 'incomplete' : 'good';
}

/** The worst says how the run was; the message tells of each copy. */
function reportOf(told: readonly Told[]): RunReport {
  const message = told.map(wordsOf).join('; ');
  const drilled = told.flatMap(({ result }) => (result.kind === 'drilled' ? [result.drilled] : []));
  const figures = {
    files: drilled.reduce((sum, one) => sum + one.files, 0),
    bytes: drilled.reduce((sum, one) => sum + one.bytes, 0),
  };
  const wrong = told.find(({ result }) => result.kind === 'drilled' && result.drilled.wrongCount > 0);
  if (wrong !== undefined) {
    const next = `do not trust that copy: look at it with a check policy, make a new one, and see what else has these files: anchord snapshots ${wrong.name}`;
    return { ...figures, ...faultReport('failed', { reason: 'ProofFailed', message, next }) };
  }
  const faults = told.flatMap(({ result }) => (result.kind === 'fault' ? [result.fault] : []));
  const [first] = faults;
  if (first !== undefined && faults.length === told.length)
    return faultReport('failed', { ...first, message });
  const isWhole = faults.length === 0 && drilled.every((one) => verdictOf(one) === 'good');
  if (isWhole) return { ...figures, outcome: 'ok', message };
  return { ...figures, ...faultReport('failed', { reason: 'ProofPartial', message }), outcome: 'partial' };
}

function wordsOf({ name, result }: Told): string {
  if (result.kind === 'fault') return `${name}: not proved: ${result.fault.message}`;
  const { files, bytes, hashed, wrong, wrongCount, notes } = result.drilled;
  const more = notes.map((note) => `, ${note}`).join('');
  if (wrongCount > 0) {
    const named = wrong.slice(0, NAMED).join(', ');
    const others = wrongCount > NAMED ? ` and ${wrongCount - NAMED} more` : '';
    return `${name}: ${wrongCount} of ${files + wrongCount} files are not what was stored (${named}${others})${more}`;
  }
  const compared =
    files === 0 ? 'nothing came back' : `${files} files (${bytesWords(bytes)}) came back as they were`;
  const byContent = hashed === 0 ? '' : `, ${hashed} of them byte by byte`;
  return `${name}: ${compared}${byContent}${more}`;
}

function redacted(report: RunReport, { secrets }: PolicyParts): RunReport {
  return report.message === undefined ? report : { ...report, message: secrets.redact(report.message) };
}

/** A revision is only accepted when each of them is a backup or a mirror. */
function copiesOf({ policy, state }: NamedDrill): readonly Copy[] {
  return policy.of.flatMap((name): readonly Copy[] => {
    const found = state.policies[name];
    if (found?.kind === 'backup') return [{ name, policy: found, state }];
    return found?.kind === 'mirror' ? [{ name, policy: found, state }] : [];
  });
}

function isBackup(copy: Copy): copy is NamedBackup {
  return copy.policy.kind === 'backup';
}
