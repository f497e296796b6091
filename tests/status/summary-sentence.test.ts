import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize, type StatusFacts } from '../../daemon/status/summarize.ts';
import type { Summary } from '../../state-schema/generated/status.ts';
import { condition, guarded, policy, REVISION, resource, statusFacts } from './status-facts.ts';

type World = Partial<{ -readonly [Key in keyof StatusFacts]: StatusFacts[Key] }>;

/** Worst first: each line is a fault that outweighs all below it. */
const worstFirst: readonly (readonly [
  level: Summary['level'],
  words: RegExp,
  add: (world: World) => void,
])[] = [
  [
    'failed',
    /^motoko needs a person: the branch was rewritten .*; aaaaaaaaaa goes on\.$/,
    stalled('RewriteRefused'),
  ],
  ['failed', /^motoko does not touch flux: its guard failed\.$/, volumeFailed],
  ['failed', /^motoko could not make directory \/flux\/f right\.$/, resourceIn('failed', '/flux/f')],
  ['failed', /^p-failed failed, and never ran well\.$/, policyIn('failed')],
  ['warning', /^p-partial left something out\.$/, policyIn('partial')],
  ['warning', /^motoko writes nothing new to space: too little is free\.$/, volumeFull],
  ['warning', /^p-overdue is overdue, and never ran well\.$/, policyIn('overdue')],
  ['warning', /^p-waiting cannot run, and never ran well\.$/, policyIn('waiting')],
  ['warning', /^motoko cannot look for new revisions\.$/, conditionFalse('Fetched')],
  ['warning', /^motoko cannot publish its status\.$/, conditionFalse('StatusPublished')],
  ['warning', /^One resource waits on motoko\.$/, resourceIn('waiting', '/flux/w')],
  ['busy', /^p-running is running; all else is as it should be\.$/, policyIn('running')],
  ['ok', /^motoko is what revision aaaaaaaaaa says\.$/, () => {}],
];

test('the worst thing is the sentence, whatever else is wrong', () => {
  for (const [index, [level, words]] of worstFirst.entries()) {
    const world: World = { resources: [], volumes: [], policies: [], conditions: [] };
    for (const [, , add] of worstFirst.slice(index)) add(world);
    const { summary } = summarize(statusFacts(world));
    assert.match(summary.sentence, words);
    assert.equal(summary.level, level, summary.sentence);
  }
});

test('a rejected revision says how many faults it has, and that the good one goes on', () => {
  const problems = [1, 2].map((line) => ({ file: 'f', line, column: 1, message: 'm', code: 'schema' }));
  const world: World = {
    revisions: {
      attempted: 'b'.repeat(40),
      applied: REVISION,
      rejected: { revision: 'b'.repeat(40), message: 'm', problems },
    } as unknown as StatusFacts['revisions'],
  };
  stalled('RevisionInvalid')(world);

  assert.match(
    summarize(statusFacts(world)).summary.sentence,
    /^motoko did not accept revision bbbbbbbbbb: it has 2 faults; aaaaaaaaaa goes on\.$/,
  );
});

test('a refused signature names the commit and whoever says to have made it, short and in quotes', () => {
  const bad = 'b'.repeat(40);
  const commit = {
    sha: bad,
    subject: 's',
    author: `Mallory${'y'.repeat(200)}`,
    time: '2026-11-21T11:00:00Z',
    reason: 'NotSigned',
    others: 0,
  };
  const world: World = {
    revisions: {
      attempted: bad,
      applied: REVISION,
      rejected: { revision: bad, message: 'm', problems: [], commit },
    } as unknown as StatusFacts['revisions'],
  };
  stalled('NotSigned')(world);

  assert.match(
    summarize(statusFacts(world)).summary.sentence,
    /^motoko did not accept revision bbbbbbbbbb: commit bbbbbbbbbb by “Mallory(?:y){53}” is not signed; aaaaaaaaaa goes on\.$/,
  );
});

test('a host that went back says to what, and from what', () => {
  const message = 'a file is in the way; next: mend it';
  const about = { reason: 'RolledBack', message, observedRevision: 'b'.repeat(40) } as const;
  const { summary } = summarize(statusFacts({ conditions: [condition('Stalled', 'True', about)] }));

  assert.equal(
    summary.sentence,
    'motoko went back to aaaaaaaaaa: revision bbbbbbbbbb could not be carried out.',
  );
  assert.deepEqual([summary.reason, summary.next], ['a file is in the way', 'mend it']);
});

test('before the first revision nothing is claimed', () => {
  const world: World = { revisions: {}, resources: [], policies: [], volumes: [], conditions: [] };

  assert.equal(summarize(statusFacts(world)).summary.level, 'unknown');
});

test('a status that will be published shortly is no fault', () => {
  const conditions = [condition('StatusPublished', 'False', { reason: 'PublishPending' })];

  assert.equal(summarize(statusFacts({ conditions })).summary.level, 'ok');
});

test('reasons and next steps may hold semicolons, and are told apart all the same', () => {
  const world: World = {};
  resourceIn('failed', '/flux/f', 'one; two; next: do this; or that')(world);

  const { reason, next } = summarize(statusFacts(world)).summary;

  assert.deepEqual([reason, next], ['one; two', 'do this; or that']);
});

test('when all is well the newest backup is named', () => {
  const policies = [
    policy({ lastSuccessAt: '2026-11-21T11:00:00Z' }),
    policy({ name: 'other', lastSuccessAt: '2026-11-20T11:00:00Z' }),
  ];

  assert.match(
    summarize(statusFacts({ policies })).summary.sentence,
    /the newest backup is of 2026-11-21T11:00:00Z\.$/,
  );
});

function stalled(reason: 'RewriteRefused' | 'RevisionInvalid' | 'NotSigned'): (world: World) => void {
  return (world) => {
    world.conditions = [...(world.conditions ?? []), condition('Stalled', 'True', { reason })];
  };
}

function conditionFalse(type: 'Fetched' | 'StatusPublished'): (world: World) => void {
  return (world) => {
    world.conditions = [...(world.conditions ?? []), condition(type, 'False')];
  };
}

function volumeFailed(world: World): void {
  const fault = { reason: 'NotMounted', message: 'gone' } as const;
  world.volumes = [...(world.volumes ?? []), guarded(1, { verdict: { kind: 'failed', fault } })];
}

function volumeFull(world: World): void {
  const fault = { reason: 'BelowMinimumFree', message: 'full' } as const;
  const full = guarded(1, { name: 'space', verdict: { kind: 'full', device: 1, fault } });
  world.volumes = [...(world.volumes ?? []), full];
}

function resourceIn(state: 'failed' | 'waiting', path: string, message = 'm'): (world: World) => void {
  return (world) => {
    world.resources = [...(world.resources ?? []), resource(`directory:${path}`, { state, message })];
  };
}

function policyIn(state: 'failed' | 'partial' | 'overdue' | 'waiting' | 'running'): (world: World) => void {
  return (world) => {
    world.policies = [...(world.policies ?? []), policy({ name: `p-${state}`, state })];
  };
}

test('what is left alone because something keeps changing it is not said to be impossible', () => {
  const flapping = { ...resource('directory:/flux/f', { state: 'failed' }), reason: 'Flapping' as const };

  const { summary } = summarize(statusFacts({ resources: [flapping] }));

  assert.match(summary.sentence, /^motoko leaves directory \/flux\/f alone: something changes it again/);
});
