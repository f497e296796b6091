import { faultText } from '../fault-text.ts';
import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { figures, withTrees, type MoverTools } from './mover-tools.ts';
import { judgePurge, surveyPurge, type NamedPurge } from './purge-survey.ts';
import { endLeftQuarantine, openQuarantine, type OpenQuarantine } from './run-quarantine.ts';
import { namedFew } from './named-few.ts';
import { nameText } from './tree/raw-name.ts';
import type { NamedEntry, Removed } from './tree/tree-protocol.ts';

/** So many entries are taken out of reach at once. */
const BATCH = 64;

/** Removes the direct entries of a directory in which nothing has changed for a while, each as a whole. */
export async function purge(job: NamedPurge & RunJob, parts: PolicyParts): Promise<RunReport> {
  const { name, policy } = job;
  const about = { trees: [policy.path], phase: 'looking' };
  return await withTrees({ ...job, name, ...about }, parts, (tools) => purgeTree(job, parts, tools));
}

async function purgeTree(
  job: NamedPurge & RunJob,
  parts: PolicyParts,
  tools: MoverTools,
): Promise<RunReport> {
  const fault = (await parts.clockFault()) ?? (await parts.guard(job.policy.path, 'delete'));
  if (fault !== undefined) return faultReport('refused', fault);
  const seen = await surveyPurge(job, parts, tools.trees);
  await endLeftQuarantine(job.name, { ground: seen.ground, before: seen.before }, { parts, tools });
  const verdict = await judgePurge(job, seen, parts);
  if (verdict.kind === 'waits') return faultReport('refused', verdict.plan.why);
  if (verdict.entries.length === 0) return { outcome: 'ok', ...figures(tools.done), removed: 0 };
  await verdict.begin();
  await using quarantine = await openQuarantine(job, seen.ground, { parts, tools });
  return await removeAll(verdict.entries, { job, parts, tools, quarantine });
}

interface Removing {
  readonly job: NamedPurge & RunJob;
  readonly parts: PolicyParts;
  readonly tools: MoverTools;
  readonly quarantine: OpenQuarantine;
}

async function removeAll(entries: readonly NamedEntry[], removing: Removing): Promise<RunReport> {
  const { job, parts, tools } = removing;
  const kept: string[] = [];
  const partly: string[] = [];
  for (let at = 0; at < entries.length; at += BATCH) {
    const fault = (await parts.clockFault()) ?? (await parts.guard(job.policy.path, 'delete'));
    if (fault !== undefined) return { ...stoppedBy(fault), ...figures(tools.done) };
    job.onProgress({
      phase: 'removing',
      percent: (100 * at) / entries.length,
      filesDone: tools.done.files,
    });
    for (const one of await removeBatch(entries.slice(at, at + BATCH), removing)) {
      if (one.kind === 'kept') kept.push(`${nameText(one.name)}: ${one.why}`);
      if (one.kind === 'partly') partly.push(`${nameText(one.name)} ${one.why}`);
    }
  }
  const counts = { ...figures(tools.done), removed: tools.done.removed };
  if (partly.length > 0)
    return { outcome: 'partial', reason: 'NotPermitted', message: namedFew(partly), ...counts };
  return { outcome: 'ok', ...counts, ...(kept.length === 0 ? {} : { message: `stayed: ${namedFew(kept)}` }) };
}

async function removeBatch(
  entries: readonly NamedEntry[],
  { job, parts, tools, quarantine }: Removing,
): Promise<readonly Removed[]> {
  const { path, exclude = [] } = job.policy;
  const answers = await tools.trees.ask({
    kind: 'remove',
    ground: quarantine.ground,
    quarantine: quarantine.id,
    entries,
    exclude,
  });
  const went = answers.flatMap((one) => (one.kind === 'kept' ? [] : [one]));
  const files = went.reduce((sum, one) => sum + one.files, 0);
  const bytes = went.reduce((sum, one) => sum + one.bytes, 0);
  tools.done.removed += answers.filter(({ kind }) => kind === 'removed').length;
  tools.done.files += files;
  tools.done.bytes += bytes;
  if (files > 0) await parts.ledger.add({ at: isoSeconds(parts.clock.now()), path, files, bytes });
  return answers;
}

function stoppedBy(fault: Fault): RunReport {
  return { outcome: 'failed', reason: fault.reason, message: `stopped: ${faultText(fault)}` };
}
