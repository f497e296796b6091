import type { MetricFacts } from '../../daemon/metrics/metric.ts';
import { Tally } from '../../daemon/metrics/tally.ts';
import { calmStatus } from '../page/sample-status.ts';

/** When the sample host is looked at. */
export const NOW: Date = new Date('2026-11-21T12:00:00Z');

/** A calm host, as far as its metrics go, and with what a test changes. */
export function sampleFacts(change: Partial<MetricFacts> = {}): MetricFacts {
  return {
    status: calmStatus(NOW),
    revisions: { trusted: 'a'.repeat(40), applied: 'b'.repeat(40) },
    volumes: [],
    publishedAt: '2026-11-21T11:00:00Z',
    counts: new Tally({ now: () => NOW }).counts,
    process: { nodeVersion: 'v20.19.0', residentBytes: 1024, cpuSeconds: 1.5, startedAtSeconds: 1 },
    ...change,
  };
}
