import assert from 'node:assert/strict';
import test from 'node:test';

interface SchemaPage {
  readonly schemaPage: (schema: object, page: { readonly title: string; readonly source: string }) => string;
}

const { schemaPage } = (await import(
  new URL('../../../scripts/schema-page.mjs', import.meta.url).href
)) as SchemaPage;

test('a key of an object within an object has a row of its own, with a dotted name, its default and its need', () => {
  const rows = rowsOf({
    repository: {
      type: 'object',
      description: 'Where it is.',
      required: ['url'],
      properties: {
        url: { type: 'string', description: 'A place.' },
        interval: { type: 'string', default: '60s', description: 'How often.' },
      },
    },
  });

  assert.deepEqual(rows, [
    '| `repository` | object | Where it is. |',
    '| `repository.url` | string | A place. **(needed)** |',
    '| `repository.interval` | string | How often. Default: `60s`. |',
  ]);
});

test('what is given by name or in a list is written out as well', () => {
  const file = { type: 'object', properties: { file: { type: 'string', description: 'Its path.' } } };

  const rows = rowsOf({
    secrets: { type: 'object', description: 'Secrets.', additionalProperties: file },
    keys: { type: 'array', description: 'Keys.', items: file },
  });

  assert.deepEqual(rows, [
    '| `secrets` | by name: object | Secrets. |',
    '| `secrets.NAME.file` | string | Its path. |',
    '| `keys` | list of object | Keys. |',
    '| `keys[].file` | string | Its path. |',
  ]);
});

test('a default of false and a value that may be null are told', () => {
  const rows = rowsOf({
    redact: { type: 'boolean', default: false, description: 'Less.' },
    days: { type: ['integer', 'null'], description: 'How long.' },
  });

  assert.deepEqual(rows, [
    '| `redact` | boolean | Less. Default: `false`. |',
    '| `days` | integer · null | How long. |',
  ]);
});

function rowsOf(properties: object): readonly string[] {
  const page = schemaPage({ type: 'object', properties }, { title: 'Keys', source: 'keys.json' });
  return page.split('\n').filter((line) => line.startsWith('| `'));
}
