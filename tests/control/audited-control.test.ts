import assert from 'node:assert/strict';
import test from 'node:test';
import type { AuditFact } from '../../daemon/audit/fact.ts';
import { auditedControl } from '../../daemon/control/audited-control.ts';
import type { Control } from '../../daemon/control/control.ts';

test('what a person asked for is told with its answer, also when it was refused; looks are not told', async () => {
  const facts: AuditFact[] = [];
  const audit = { record: (...told: readonly AuditFact[]) => void facts.push(...told) };
  const control = auditedControl(answering(), { audit, uid: 0 });

  await control.status();
  await control.plan();
  await control.policies();
  await control.runs('nightly', 1);
  await control.verifyAudit({ remote: false });
  await control.cancelPolicy('nightly');
  await control.adoptVolume('da\nta');

  assert.deepEqual(
    facts.map((fact) => [fact.kind, fact.facts]),
    [
      [
        'command',
        { command: 'policy cancel', argument: 'nightly', answer: 'cancelling', reason: undefined, uid: 0 },
      ],
      [
        'command',
        { command: 'volume adopt', argument: 'da\nta', answer: 'refused', reason: 'NoVolumes', uid: 0 },
      ],
    ],
  );
});

test('a command that breaks is told by nobody, and breaks as before', async () => {
  const audit = { record: () => assert.fail('it was told') };
  const control = auditedControl(answering(), { audit, uid: 0 });

  await assert.rejects(control.initPolicy('nightly'), /connection lost/);
});

function answering(): Control {
  const refusal = { kind: 'refused', reason: 'NoVolumes', message: 'no such volume' } as const;
  const some: Partial<Control> = {
    cancelPolicy: async () => ({ kind: 'cancelling' }),
    initPolicy: async () => Promise.reject(new Error('connection lost')),
  };
  return new Proxy(some, {
    get: (own, name: keyof Control) => own[name] ?? (async () => refusal),
  }) as Control;
}
