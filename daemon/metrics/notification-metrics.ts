import type { Metric } from './metric.ts';
import { MOST_SERIES } from './most-series.ts';

/** Whether people can be told. */
export const notificationMetrics: readonly Metric[] = [
  {
    name: 'anchord_notification_delivered',
    kind: 'gauge',
    help: 'Whether the last message for a target of notifications arrived; absent before the first.',
    labels: ['to'],
    samples: ({ status }) =>
      (status.notifications ?? [])
        .slice(0, MOST_SERIES)
        .filter(({ state }) => state !== 'untried')
        .map(({ to, state }) => ({ labels: { to }, value: state === 'delivered' ? 1 : 0 })),
  },
];
