import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventWords } from '../../daemon/cli/event-words.ts';
import { planLines } from '../../daemon/cli/plan-lines.ts';
import { bytesWords } from '../../daemon/bytes-words.ts';
import { progressLine } from '../../daemon/cli/progress-line.ts';
import { statusLines } from '../../daemon/cli/status-lines.ts';
import type { PlanReport } from '../../daemon/reconcile/plan-report.ts';
import { calmStatus } from '../page/sample-status.ts';

const ESCAPE = '\u001b';
const HOSTILE = `a${ESCAPE}[2Jb\r\nc\u202e`;
const PIPE = { colour: false, isTerminal: false, columns: 80 };
const now = new Date('2026-11-21T12:00:00Z');
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202e]/;

test('a status begins with its sentence, then why and what next', () => {
  const status = {
    ...calmStatus(now),
    summary: { level: 'failed', sentence: 'It broke.', reason: 'Because.', next: 'mend it' },
  } as const;

  assert.deepEqual(statusLines(status, { colour: false }).slice(0, 4), [
    '✘ It broke.',
    '  why:  Because.',
    '  next: mend it',
    '',
  ]);
});

test('colour is only there when asked for', () => {
  const status = calmStatus(now);

  assert.ok(statusLines(status, { colour: true })[0]?.includes(ESCAPE));
  assert.ok(!statusLines(status, { colour: false }).join('').includes(ESCAPE));
});

test('nothing that a push or a file name holds can move the cursor of a terminal', () => {
  const status = calmStatus(now);
  const [condition] = status.conditions;
  const [volume] = status.volumes;
  const [policy] = status.policies;
  assert.ok(condition !== undefined && volume !== undefined && policy !== undefined);
  const hostile = {
    ...status,
    summary: { level: 'failed', sentence: HOSTILE, reason: HOSTILE, next: HOSTILE },
    problems: [{ file: HOSTILE, line: 1, column: 1, message: HOSTILE }],
    conditions: [{ ...condition, message: HOSTILE }],
    volumes: [{ ...volume, name: HOSTILE, mount: HOSTILE, message: HOSTILE }],
    policies: [{ ...policy, name: HOSTILE, message: HOSTILE }],
    resources: {
      counts: { failed: 1 },
      omitted: 0,
      items: [
        { id: `directory:/${HOSTILE}`, kind: 'directory', state: 'failed', message: HOSTILE, since: '' },
      ],
    },
    notCarriedOut: [HOSTILE],
  } as const;
  const lines = [
    ...statusLines(hostile as unknown as typeof status, { colour: false }),
    ...planLines(report({ of: HOSTILE }), PIPE),
    eventWords({ kind: 'daemon.stopping', cause: HOSTILE }) ?? '',
    eventWords({ kind: 'look.failed', fault: { reason: 'FetchFailed', message: HOSTILE } }) ?? '',
  ];

  for (const line of lines) assert.doesNotMatch(line, UNSEEN);
});

test('a plan reads like a difference, and ends with what it comes to', () => {
  assert.deepEqual(planLines(report({}), PIPE), [
    'motoko against abc',
    '',
    '  + directory /flux/new      mode 2775',
    '  ~ directory /flux/changed  mode 0755 → 2775',
    '  ≈ link /flux/l             target a → b',
    '  - schedule old',
    '  ! directory /flux/blocked  a file stands there',
    '  · directory /flux/left     stays, though nothing declares it any more',
    '',
    '1 to make, 1 to change, 1 to put right, 1 to let go, 1 cannot be made; 3 in sync.',
    '',
    'Not carried out by this version: catcher.',
  ]);
});

test('on a terminal, what is not carried out is broken between words', () => {
  const terminal = { colour: false, isTerminal: true, columns: 50 };
  const long = {
    ...report({ of: 'a'.repeat(40) }),
    notCarriedOut: ['users (mdt)', 'shares (flux)', 'catcher'],
  };

  const lines = planLines(long, terminal);

  assert.equal(lines[0], 'motoko against aaaaaaaaaa');
  assert.deepEqual(lines.slice(-2), [
    'Not carried out by this version: users (mdt),',
    '  shares (flux), catcher.',
  ]);
});

test('a plan with nothing to do says so', () => {
  const quiet = { ...report({}), changes: [], hindrances: [], orphans: [], notCarriedOut: [] };

  assert.deepEqual(planLines(quiet, PIPE), ['motoko against abc', '', 'Nothing to do: 3 in sync.']);
});

test('progress says what is known and leaves out what is not', () => {
  assert.equal(progressLine('p', { phase: 'backup' }), 'p  backup');
  assert.equal(
    progressLine('p', {
      phase: 'backup',
      percent: 41.9,
      bytesDone: 1536,
      bytesTotal: 2 ** 40,
      etaSeconds: 3,
    }),
    'p  backup  41 %  1.5 KiB of 1.0 TiB  3 s left',
  );
  assert.deepEqual([0, 1, 1023, 1024, 2 ** 30, 2 ** 60].map(bytesWords), [
    '0 B',
    '1 B',
    '1023 B',
    '1.0 KiB',
    '1.0 GiB',
    '1048576.0 TiB',
  ]);
});

test('machines’ small talk is not told to people', () => {
  assert.equal(eventWords({ kind: 'look.started', cause: 'interval' }), undefined);
  assert.match(
    eventWords({ kind: 'revision.trusted', revision: '0123456789abcdef' }) ?? '',
    /^accepted 0123456789$/,
  );
});

function report(change: Partial<PlanReport>): PlanReport {
  const kind = 'directory';
  return {
    host: 'motoko',
    of: 'abc',
    changes: [
      { id: 'directory:/flux/new', kind, action: 'create', differences: [] },
      {
        id: 'directory:/flux/changed',
        kind,
        action: 'update',
        differences: [{ field: 'mode', from: '0755', to: '2775' }],
      },
      {
        id: 'link:/flux/l',
        kind: 'link',
        action: 'repair',
        differences: [{ field: 'target', from: 'a', to: 'b' }],
      },
      { id: 'schedule:old', kind: 'schedule', action: 'forget', differences: [] },
    ],
    hindrances: [
      {
        id: 'directory:/flux/blocked',
        kind,
        state: 'failed',
        reason: 'NotADirectory',
        message: 'a file stands there',
      },
    ],
    orphans: ['directory:/flux/left'],
    inSync: 3,
    notCarriedOut: ['catcher'],
    details: { 'directory:/flux/new': 'mode 2775' },
    ...change,
  };
}
