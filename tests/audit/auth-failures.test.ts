import assert from 'node:assert/strict';
import test from 'node:test';
import { AuthFailures } from '../../daemon/audit/auth-failures.ts';
import type { AuditFact } from '../../daemon/audit/fact.ts';

test('the first failure is told at once, and a flood of them in one line more', () => {
  const told: AuditFact[] = [];
  const failures = new AuthFailures((fact) => told.push(fact));
  for (let index = 0; index < 100_000; index++)
    failures.note({ door: 'POST /hooks/push', from: `192.0.2.${index % 3}` });
  for (let index = 0; index < 5_000; index++)
    failures.note({ door: 'POST /session', from: `10.0.0.${index}` });

  failures.end();

  assert.deepEqual(told[0]?.facts, {
    count: 1,
    callers: [{ door: 'POST /hooks/push', count: 1, from: '192.0.2.0' }],
  });
  assert.equal(told.length, 2);
  assert.equal(told[1]?.facts['count'], 104_999);
  assert.equal((told[1]?.facts['callers'] as readonly unknown[] | undefined)?.length, 5);
});

test('without failures nothing is told', () => {
  const told: AuditFact[] = [];

  new AuthFailures((fact) => told.push(fact)).end();

  assert.deepEqual(told, []);
});
