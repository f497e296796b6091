import assert from 'node:assert/strict';
import test from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import historySchema from '../../state-schema/schemas/history.schema.json' with { type: 'json' };
import statusSchema from '../../state-schema/schemas/status.schema.json' with { type: 'json' };
import { hostileHistory, hostileStatus } from './hostile-status.ts';
import { emptyHistory, sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';
import { firstStatus, troubledStatus } from './troubled-status.ts';

const now = new Date('2026-11-21T20:00:00Z');
const ajv = new Ajv2020({ allErrors: true, schemas: [statusSchema, historySchema] });

const statuses = {
  'a host in order': calmStatus(now),
  'a host in trouble': troubledStatus(now),
  'a host that has just started': firstStatus(now),
  'a hostile host': hostileStatus(now),
};

for (const [name, status] of Object.entries(statuses)) {
  test(`the sample of ${name} is a status as the schema says`, () => {
    assertValid(statusSchema.$id, status);
  });
}

for (const [name, history] of Object.entries({
  full: sampleHistory(now),
  empty: emptyHistory(),
  hostile: hostileHistory(now),
})) {
  test(`the ${name} sample history is one as the schema says`, () => {
    assertValid(historySchema.$id, history);
  });
}

function assertValid(schema: string, data: unknown): void {
  const validate = ajv.getSchema(schema);
  assert.ok(validate);
  const isValid = validate(data);
  assert.deepEqual(validate.errors ?? [], []);
  assert.equal(isValid, true);
}
