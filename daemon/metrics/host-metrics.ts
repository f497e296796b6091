import type { Condition, ConditionType, ResourceState } from '../../state-schema/generated/status.ts';
import { everyWord, oneOf, timeSamples, type Metric, type MetricFacts, type Sample } from './metric.ts';
import { MOST_SERIES } from './most-series.ts';

const STATES = everyWord<ResourceState>({
  'in-sync': true,
  changed: true,
  drifted: true,
  failed: true,
  waiting: true,
  orphaned: true,
  simulated: true,
});
const CONDITIONS = everyWord<ConditionType>({
  Ready: true,
  Fetched: true,
  SourceVerified: true,
  Applied: true,
  Drifted: true,
  Reconciling: true,
  Stalled: true,
  Suspended: true,
  VolumesGuarded: true,
  BackupsCurrent: true,
  Proved: true,
  ClockTrusted: true,
  StatusPublished: true,
  Audited: true,
});
const STATUSES = everyWord<Condition['status']>({ True: true, False: true, Unknown: true });

/** How the host is: revisions, resources, conditions, volumes. */
export const hostMetrics: readonly Metric[] = [
  {
    name: 'anchord_revision_info',
    kind: 'gauge',
    help: 'The commit that passed every check last (trusted), and the one the host was last made to match (applied).',
    labels: ['which', 'revision'],
    samples: ({ revisions: { trusted, applied } }) => [
      ...revision('trusted', trusted),
      ...revision('applied', applied),
    ],
  },
  {
    name: 'anchord_resources',
    kind: 'gauge',
    help: 'Resources by state.',
    labels: ['state'],
    samples: ({ status }) =>
      STATES.map((state) => ({ labels: { state }, value: status.resources.counts[state] ?? 0 })),
  },
  {
    name: 'anchord_condition',
    kind: 'gauge',
    help: 'Conditions: 1 at the status that each has now.',
    labels: ['type', 'status'],
    samples: ({ status }) =>
      CONDITIONS.flatMap((type) =>
        oneOf(STATUSES, conditionOf(status, type)?.status ?? 'Unknown', (is) => ({ type, status: is })),
      ),
  },
  {
    name: 'anchord_condition_changed_timestamp_seconds',
    kind: 'gauge',
    help: 'Since when a condition has the status it has.',
    labels: ['type'],
    samples: ({ status }) =>
      CONDITIONS.flatMap((type) => timeSamples(conditionOf(status, type)?.lastTransitionTime, { type })),
  },
  {
    name: 'anchord_volume_guard_passed',
    kind: 'gauge',
    help: 'Whether the last look at a volume found it fit to be written to: mounted, the right disk, not full, not failing.',
    labels: ['volume'],
    samples: (facts) => volumesOf(facts, ({ verdict }) => [{ value: verdict.kind === 'passed' ? 1 : 0 }]),
  },
  {
    name: 'anchord_volume_size_bytes',
    kind: 'gauge',
    help: 'Size of the file system of a volume, when it could be asked.',
    labels: ['volume'],
    samples: (facts) => volumesOf(facts, ({ seen }) => bytes(seen.disk?.sizeBytes)),
  },
  {
    name: 'anchord_volume_free_bytes',
    kind: 'gauge',
    help: 'Room for new data on a volume, when it could be asked.',
    labels: ['volume'],
    samples: (facts) => volumesOf(facts, ({ seen }) => bytes(seen.disk?.freeBytes)),
  },
];

function revision(which: string, commit: string | undefined): Sample[] {
  return commit === undefined ? [] : [{ labels: { which, revision: commit }, value: 1 }];
}

function conditionOf(
  status: MetricFacts['status'],
  type: ConditionType,
): MetricFacts['status']['conditions'][number] | undefined {
  return status.conditions.find((condition) => condition.type === type);
}

function volumesOf(
  { volumes }: MetricFacts,
  samplesOf: (volume: MetricFacts['volumes'][number]) => readonly Sample[],
): Sample[] {
  return volumes
    .slice(0, MOST_SERIES)
    .flatMap((volume) => samplesOf(volume).map(({ value }) => ({ labels: { volume: volume.name }, value })));
}

function bytes(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ value }];
}
