import { hostMetrics } from './host-metrics.ts';
import { loopMetrics } from './loop-metrics.ts';
import type { Metric, MetricFacts } from './metric.ts';
import { notificationMetrics } from './notification-metrics.ts';
import { policyMetrics } from './policy-metrics.ts';
import { processMetrics } from './process-metrics.ts';

/** Every metric there is. */
export const METRICS: readonly Metric[] = [
  ...processMetrics,
  ...loopMetrics,
  ...hostMetrics,
  ...policyMetrics,
  ...notificationMetrics,
];

/**
 * The metrics as Prometheus reads them. Each time into a registry of its own: what is no longer true leaves nothing
 * behind, and nobody who does not ask pays for the library.
 */
export async function renderMetrics(facts: MetricFacts): Promise<string> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  for (const { name, kind, help, labels, samples } of METRICS) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const metric = kind === 'gauge' ? new Gauge(options) : new Counter(options);
    for (const sample of samples(facts)) metric.inc({ ...sample.labels }, sample.value);
  }
  return registry.metrics();
}
