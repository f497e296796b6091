import type { Pass } from '../../state-schema/generated/history.ts';
import type { HookResult } from '../hook-result.ts';
import { everyWord, timeSamples, type Metric, type MetricFacts, type Sample } from './metric.ts';
import type { LookCause, LookResult } from './tally.ts';

const CAUSES = everyWord<LookCause>({
  start: true,
  interval: true,
  watch: true,
  webhook: true,
  person: true,
  retry: true,
});
const LOOK_RESULTS = everyWord<LookResult>({ unchanged: true, accepted: true, rejected: true, failed: true });
const PASS_RESULTS = everyWord<Pass['result']>({ applied: true, incomplete: true, refused: true });
const HOOK_RESULTS = everyWord<HookResult>({
  accepted: true,
  ignored: true,
  ping: true,
  refused: true,
  limited: true,
  'too-large': true,
  'cut-off': true,
});

/** What the daemon itself does: looks, rounds, passes, publishing, calls from outside. */
export const loopMetrics: readonly Metric[] = [
  {
    name: 'anchord_looks_total',
    kind: 'counter',
    help: 'Looks at the state repo, by what caused them and what they came to.',
    labels: ['cause', 'result'],
    samples: ({ counts }) =>
      CAUSES.flatMap((cause) =>
        LOOK_RESULTS.map((result) => ({
          labels: { cause, result },
          value: counts.looks.get(`${cause} ${result}`) ?? 0,
        })),
      ),
  },
  {
    name: 'anchord_last_look_success_timestamp_seconds',
    kind: 'gauge',
    help: 'When the state repo last answered, since the start.',
    labels: [],
    samples: ({ counts }) => timeSamples(counts.lastAnswerAt),
  },
  {
    name: 'anchord_rounds_total',
    kind: 'counter',
    help: 'Rounds of the loop that ended: a look when it was time for one, then a pass over the host.',
    labels: [],
    samples: ({ counts }) => [{ value: counts.rounds }],
  },
  {
    name: 'anchord_round_seconds_total',
    kind: 'counter',
    help: 'Time spent in rounds.',
    labels: [],
    samples: ({ counts }) => [{ value: counts.roundSeconds }],
  },
  {
    name: 'anchord_last_round_duration_seconds',
    kind: 'gauge',
    help: 'How long the last round took.',
    labels: [],
    samples: ({ counts }) => known(counts.lastRoundSeconds),
  },
  {
    name: 'anchord_last_round_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last round ended. The daemon is stuck when this stays behind.',
    labels: [],
    samples: ({ counts }) => timeSamples(counts.lastRoundAt),
  },
  {
    name: 'anchord_passes_total',
    kind: 'counter',
    help: 'Passes that had something to say: a new revision, a change, a failure.',
    labels: ['result'],
    samples: ({ counts }) =>
      PASS_RESULTS.map((result) => ({ labels: { result }, value: counts.passes.get(result) ?? 0 })),
  },
  {
    name: 'anchord_status_commits_total',
    kind: 'counter',
    help: 'Commits of the status branch that reached its remote.',
    labels: [],
    samples: ({ counts }) => [{ value: counts.published }],
  },
  {
    name: 'anchord_status_publish_failures_total',
    kind: 'counter',
    help: 'Attempts to publish the status branch that failed.',
    labels: [],
    samples: ({ counts }) => [{ value: counts.publishFailures }],
  },
  {
    name: 'anchord_status_published_timestamp_seconds',
    kind: 'gauge',
    help: 'When the status branch was last published, by this or an earlier process.',
    labels: [],
    samples: ({ publishedAt }) => timeSamples(publishedAt),
  },
  {
    name: 'anchord_webhook_calls_total',
    kind: 'counter',
    help: 'Calls of the push webhook, by how they were answered.',
    labels: ['result'],
    samples: ({ counts }: MetricFacts): Sample[] =>
      HOOK_RESULTS.map((result) => ({ labels: { result }, value: counts.hooks.get(result) ?? 0 })),
  },
  {
    name: 'anchord_event_streams_cut_off_total',
    kind: 'counter',
    help: 'Readers of live events that were cut off, and lost the rest, because they did not keep up.',
    labels: [],
    samples: ({ counts }) => [{ value: counts.streamsCutOff }],
  },
];

function known(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ value }];
}
