import type { PolicyStatus, RunOutcome } from '../../state-schema/generated/status.ts';
import { everyWord, oneOf, timeSamples, type Metric, type MetricFacts, type Sample } from './metric.ts';
import { MOST_SERIES } from './most-series.ts';

const OUTCOMES = everyWord<RunOutcome>({
  ok: true,
  partial: true,
  failed: true,
  refused: true,
  cancelled: true,
  skipped: true,
});
const STATES = everyWord<PolicyStatus['state']>({
  ok: true,
  running: true,
  partial: true,
  failed: true,
  overdue: true,
  waiting: true,
  'never-run': true,
  'not-carried-out': true,
});

/** How each policy fares. */
export const policyMetrics: readonly Metric[] = [
  {
    name: 'anchord_policy_state',
    kind: 'gauge',
    help: 'Policies: 1 at the state that each is in now.',
    labels: ['policy', 'state'],
    samples: (facts) =>
      policiesOf(facts, ({ name, state }) => oneOf(STATES, state, (is) => ({ policy: name, state: is }))),
  },
  {
    name: 'anchord_policy_last_run_outcome',
    kind: 'gauge',
    help: 'How the last run of a policy ended: 1 at that outcome.',
    labels: ['policy', 'outcome'],
    samples: (facts) =>
      policiesOf(facts, ({ name, lastRun }) =>
        lastRun === undefined
          ? []
          : oneOf(OUTCOMES, lastRun.outcome, (outcome) => ({ policy: name, outcome })),
      ),
  },
  {
    name: 'anchord_policy_last_run_end_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last run of a policy ended.',
    labels: ['policy'],
    samples: (facts) =>
      policiesOf(facts, ({ name, lastRun }) => timeSamples(lastRun?.endedAt, { policy: name })),
  },
  {
    name: 'anchord_policy_last_run_duration_seconds',
    kind: 'gauge',
    help: 'How long the last run of a policy took, in whole seconds.',
    labels: ['policy'],
    samples: (facts) =>
      policiesOf(facts, ({ name, lastRun }) =>
        lastRun === undefined
          ? []
          : [
              {
                labels: { policy: name },
                value: (Date.parse(lastRun.endedAt) - Date.parse(lastRun.startedAt)) / 1000,
              },
            ],
      ),
  },
  {
    name: 'anchord_policy_last_success_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last good run of a policy ended.',
    labels: ['policy'],
    samples: (facts) =>
      policiesOf(facts, ({ name, lastSuccessAt }) => timeSamples(lastSuccessAt, { policy: name })),
  },
  {
    name: 'anchord_policy_last_proof_timestamp_seconds',
    kind: 'gauge',
    help: 'When a restore test last proved the copy that a policy makes.',
    labels: ['policy'],
    samples: (facts) => policiesOf(facts, ({ name, proof }) => timeSamples(proof?.at, { policy: name })),
  },
  {
    name: 'anchord_policy_next_run_timestamp_seconds',
    kind: 'gauge',
    help: 'When a policy runs next.',
    labels: ['policy'],
    samples: (facts) => policiesOf(facts, ({ name, nextRunAt }) => timeSamples(nextRunAt, { policy: name })),
  },
  {
    name: 'anchord_unlisted',
    kind: 'gauge',
    help: 'Policies and volumes beyond the first 200 of each, which have no metrics of their own.',
    labels: ['what'],
    samples: ({ status, volumes }) => [
      { labels: { what: 'policies' }, value: Math.max(0, status.policies.length - MOST_SERIES) },
      { labels: { what: 'volumes' }, value: Math.max(0, volumes.length - MOST_SERIES) },
    ],
  },
];

function policiesOf(
  { status }: MetricFacts,
  samplesOf: (policy: PolicyStatus) => readonly Sample[],
): Sample[] {
  return status.policies.slice(0, MOST_SERIES).flatMap(samplesOf);
}
