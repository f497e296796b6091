import assert from 'node:assert/strict';
import test from 'node:test';
import { eventFact } from '../../daemon/audit/event-fact.ts';
import { revisionFacts } from '../../daemon/audit/store-facts.ts';
import { settingsDigest, startedFact } from '../../daemon/audit/started-fact.ts';
import type { ResourceStatus } from '../../state-schema/generated/status.ts';

test('a guard that fails or recovers is told; other resources are told with their pass', () => {
  const volume: ResourceStatus = {
    id: 'volume:flux',
    kind: 'volume',
    state: 'failed',
    reason: 'NotMounted',
    message: 'gone',
    since: '',
  };

  const [failed, passed, directory] = [
    eventFact({ kind: 'resource.changed', resource: volume }),
    eventFact({ kind: 'resource.changed', resource: { ...volume, state: 'in-sync' } }),
    eventFact({ kind: 'resource.changed', resource: { ...volume, kind: 'directory', id: 'directory:/x' } }),
  ];

  assert.deepEqual(failed, {
    kind: 'guard.failed',
    facts: { volume: 'flux', reason: 'NotMounted', message: 'gone' },
  });
  assert.deepEqual(passed, { kind: 'guard.passed', facts: { volume: 'flux' } });
  assert.equal(directory, undefined);
});

test('a look without news is not told', () => {
  assert.equal(eventFact({ kind: 'look.ended', revision: 'a'.repeat(40), isNew: false }), undefined);
  assert.deepEqual(revisionFacts({ attempted: 'a'.repeat(40), applied: 'a'.repeat(40), rejected: null }), []);
});

test('a start says whether host settings are others than before, whatever the order of their keys', () => {
  const before = settingsDigest({ host: 'motoko', listen: { port: 1, host: 'a' } });
  const start = { version: '1.0.0', uid: 0, before };

  const same = startedFact({ ...start, settings: { listen: { host: 'a', port: 1 }, host: 'motoko' } });
  const other = startedFact({ ...start, settings: { listen: { host: 'a', port: 2 }, host: 'motoko' } });

  assert.deepEqual([same.facts['settingsChanged'], other.facts['settingsChanged']], [false, true]);
});
