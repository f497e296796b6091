import { rcloneFault } from '../commands/rclone-fault.ts';
import { planArgs } from '../commands/rclone-mirror.ts';
import type { Fault } from '../errors.ts';
import { measureSource, type MeasuredSource } from './measure-source.ts';
import { callRclone, type MirrorCallResult, type MirrorRun } from './mirror-calls.ts';
import { planReader, type MirrorPlan } from './mirror-plan.ts';

/** What a mirror would do. */
export type PlannedMirror =
  | { readonly kind: 'planned'; readonly source: MeasuredSource; readonly plan: MirrorPlan }
  /** Some of the source cannot be read. That looks as if it were gone, so nothing may be planned from it. */
  | { readonly kind: 'unreadable'; readonly source: MeasuredSource }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Measures the source, and lets a dry run say what would be done. Changes nothing. */
export async function planMirror(run: MirrorRun): Promise<PlannedMirror> {
  const measure = await measureSource(run);
  if (measure.kind === 'failed') return failed(run, measure.result);
  const { measured: source } = measure;
  if (source.unreadable.length > 0) return { kind: 'unreadable', source };
  const reader = planReader();
  const result = await callRclone(run, {
    args: planArgs(run.ends.request),
    phase: 'planning',
    onLogLine: (line) => reader.take(line),
  });
  return result.end === 'exited' && result.code === 0
    ? { kind: 'planned', source, plan: reader.plan() }
    : failed(run, result);
}

function failed({ job }: MirrorRun, result: MirrorCallResult): PlannedMirror {
  return { kind: 'failed', fault: rcloneFault(result, { policy: job.name, place: job.policy.destination }) };
}
