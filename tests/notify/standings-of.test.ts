import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingsOf } from '../../daemon/notify/standings-of.ts';
import type { Condition, PolicyStatus, Status, VolumeStatus } from '../../state-schema/generated/status.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { backupPolicy, stateWith } from '../policies/policy-rig.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

const STATE: HostState = {
  ...stateWith({
    local: backupPolicy(),
    'flux-graduate': {
      kind: 'graduate',
      from: '/flux/active',
      to: '/space/projects',
      after: '30d',
      schedule: '0 3 * * *',
    },
    scratch: { kind: 'purge', path: '/flux/scratch', after: '7d', schedule: '0 3 * * *' },
    look: { kind: 'check', of: ['local'], schedule: '0 6 * * 0' },
  }),
  volumes: { flux: { mount: '/flux' }, space: { mount: '/space' }, time: { mount: '/time' } },
};

function volume(name: string, change: Partial<VolumeStatus> = {}): VolumeStatus {
  return { name, mount: `/${name}`, guard: 'passed', reason: 'GuardsPassed', message: 'fine', ...change };
}

function policy(name: string, change: Partial<PolicyStatus> = {}): PolicyStatus {
  return {
    name,
    kind: 'backup',
    state: 'ok',
    reason: 'Succeeded',
    message: 'fine',
    schedule: '0 * * * *',
    timezone: 'UTC',
    ...change,
  };
}

function statusWith(change: Partial<Status>): Status {
  return {
    version: 1,
    host: 'motoko',
    generatedAt: NOW.toISOString(),
    expectedEverySeconds: 86_400,
    daemon: { version: '1', startedAt: NOW.toISOString() },
    summary: { level: 'ok', sentence: 'fine' },
    source: { url: '/git', branch: 'main', log: [] },
    conditions: [],
    problems: [],
    resources: { counts: {}, items: [], omitted: 0 },
    volumes: [volume('flux'), volume('space'), volume('time')],
    policies: [policy('local'), policy('flux-graduate'), policy('scratch'), policy('look')],
    notCarriedOut: [],
    ...change,
  };
}

function told(status: Status): Readonly<Record<string, string>> {
  return Object.fromEntries(
    standingsOf(status, STATE, NOW).map((one) => [
      one.subject,
      one.kind === 'trouble' ? one.trouble.event : one.kind,
    ]),
  );
}

test('one lost disk is one trouble: what it stops is in it, and is not judged meanwhile', () => {
  const lost = volume('flux', { guard: 'failed', reason: 'NotMounted', message: 'gone; next: mount it' });
  const status = statusWith({
    volumes: [lost, volume('space'), volume('time')],
    policies: [
      policy('local', { state: 'failed', reason: 'NotMounted' }),
      policy('flux-graduate', { state: 'waiting', reason: 'NotMounted' }),
      policy('scratch', { state: 'overdue', reason: 'Overdue' }),
      policy('look', { state: 'failed', reason: 'ProgramFailed' }),
    ],
  });

  const standings = standingsOf(status, STATE, NOW);
  const [trouble] = standings.flatMap((one) => (one.kind === 'trouble' ? [one.trouble] : []));

  const { 'policy:look': look, 'policy:local': local, 'policy:scratch': scratch } = told(status);
  assert.deepEqual([look, local, scratch], ['failed', 'unclear', 'unclear']);
  assert.deepEqual(trouble?.policies, ['local', 'flux-graduate', 'scratch']);
  assert.deepEqual([trouble?.message, trouble?.next], ['gone', 'mount it']);
});

test('a full disk is told like a lost one, and a volume that was not looked at is neither well nor in trouble', () => {
  const full = volume('flux', { reason: 'BelowMinimumFree', message: 'full' });

  const seen = told(statusWith({ volumes: [full, volume('space')] }));

  assert.deepEqual(
    [seen['volume:flux'], seen['volume:space'], seen['volume:time']],
    ['guard', 'well', 'unclear'],
  );
});

test('a policy is overdue by its schedule, whatever else is said of it, unless a person suspended the host', () => {
  const past = { overdueAfter: '2026-11-21T11:59:59Z' };
  function one(change: Partial<PolicyStatus>): string | undefined {
    return told(statusWith({ policies: [policy('local', change)] }))['policy:local'];
  }

  assert.equal(one({ state: 'overdue', reason: 'Overdue', ...past }), 'overdue');
  assert.equal(one({ state: 'waiting', reason: 'NotInitialised', ...past }), 'overdue');
  assert.equal(one({ state: 'waiting', reason: 'NotInitialised' }), 'failed');
  assert.equal(one({ state: 'waiting', reason: 'SecretMissing' }), 'failed');
  assert.equal(one({ state: 'waiting', reason: 'Suspended', ...past }), 'unclear');
  assert.equal(one({ state: 'waiting', reason: 'Cancelled' }), 'unclear');
  assert.equal(one({ state: 'failed', reason: 'BackupFailed', ...past }), 'failed');
  assert.equal(one({ state: 'partial', reason: 'BackupPartial' }), 'failed');
  assert.equal(one({ state: 'running', reason: 'Running', ...past }), 'unclear');
  assert.equal(one({ state: 'not-carried-out', reason: 'NotCarriedOutYet' }), undefined);
});

test('conditions that stand for something of their own are told, each once', () => {
  function condition(
    type: Condition['type'],
    status: Condition['status'],
    reason: Condition['reason'],
  ): Condition {
    return { type, status, reason, message: `${reason}`, lastTransitionTime: '2026-11-21T11:00:00Z' };
  }
  const seen = told(
    statusWith({
      conditions: [
        condition('Ready', 'False', 'RewriteRefused'),
        condition('Stalled', 'True', 'AuthenticationFailed'),
        condition('Fetched', 'False', 'AuthenticationFailed'),
        condition('Audited', 'False', 'AuditTampered'),
        condition('ClockTrusted', 'Unknown', 'ClockInStep'),
        condition('Applied', 'True', 'AllInSync'),
      ],
    }),
  );

  assert.deepEqual(
    Object.entries(seen).filter(([subject]) => subject.startsWith('condition:')),
    [
      ['condition:Stalled', 'failed'],
      ['condition:Applied', 'well'],
      ['condition:Fetched', 'unclear'],
      ['condition:ClockTrusted', 'unclear'],
      ['condition:Audited', 'failed'],
      ['condition:StatusPublished', 'unclear'],
    ],
  );
});
