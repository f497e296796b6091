import type { History } from '../../state-schema/generated/history.ts';
import { isoSeconds } from '../clock.ts';
import type { Store } from '../store/store.ts';

const RUNS_FOR_MS = 30 * 24 * 60 * 60_000;
const PASSES = 50;

/** The history as readers get it: runs of 30 days by policy, and the last 50 passes. */
export async function composeHistory(
  host: string,
  store: Pick<Store, 'runs' | 'passes'>,
  now: Date,
): Promise<History> {
  const since = isoSeconds(new Date(now.getTime() - RUNS_FOR_MS));
  const [runs, passes] = await Promise.all([store.runs({ since }), store.passes(PASSES)]);
  // Without a prototype: a policy may be called `constructor`.
  const policies = Object.create(null) as History['policies'];
  for (const run of runs) (policies[run.policy] ??= []).push(run);
  return { version: 1, host, policies, passes: [...passes] };
}
