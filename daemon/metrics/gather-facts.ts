import type { Status } from '../../state-schema/generated/status.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { Store } from '../store/store.ts';
import type { MetricFacts } from './metric.ts';
import type { Tally } from './tally.ts';

const MICROSECONDS = 1_000_000;

/** Where the facts come from. */
export interface FactSources {
  readonly compose: () => Promise<{ readonly status: Status }>;
  readonly reconciler: Pick<Reconciler, 'revisions' | 'lastPass'>;
  readonly store: Pick<Store, 'fact'>;
  readonly tally: Tally;
}

/** All that metrics are made of, as it is now. */
export async function gatherFacts(sources: FactSources): Promise<MetricFacts> {
  const { reconciler, store, tally } = sources;
  const [{ status }, publishedAt] = await Promise.all([sources.compose(), store.fact('status.publishedAt')]);
  const { user, system } = process.cpuUsage();
  return {
    status,
    revisions: reconciler.revisions,
    volumes: reconciler.lastPass?.view.guarded ?? [],
    ...(publishedAt === undefined ? {} : { publishedAt }),
    counts: tally.counts,
    process: {
      nodeVersion: process.version,
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / MICROSECONDS,
      startedAtSeconds: Date.parse(status.daemon.startedAt) / 1000,
    },
  };
}
