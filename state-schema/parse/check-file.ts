import { nearest } from '../nearest.ts';
import { quote } from '../quote.ts';
import { describeValue } from './describe-value.ts';
import { fromPointer, type Finding, type ValuePath } from './finding.ts';
import { knownKinds, validateStateFile, type SchemaError } from './state-file-validator.ts';

/** Checks one file against the schema and says every fault in words, with paths from the top of that file. */
export function checkFile(value: unknown): readonly Finding[] {
  const errors = withoutNoise(validateStateFile(value));
  return errors.map(explain);
}

/**
 * ajv tells of every branch of an `anyOf` that did not fit. Where a branch of the right type has a fault inside, that
 * fault is the news; where none has the right type, the `anyOf` itself is.
 */
function withoutNoise(errors: readonly SchemaError[]): readonly SchemaError[] {
  const choices = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  function isWrongType(error: SchemaError): boolean {
    return error.keyword === 'type' && choices.has(error.instancePath);
  }
  const told = new Set<string>();
  for (const error of errors) {
    if (error.keyword === 'anyOf' || error.keyword === 'propertyNames' || isWrongType(error)) continue;
    for (const place of withAncestors(error.instancePath)) told.add(place);
  }
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') return !told.has(error.instancePath);
    return error.keyword !== 'propertyNames' && !isWrongType(error);
  });
}

function withAncestors(pointer: string): string[] {
  const places = [pointer];
  for (let end = pointer.lastIndexOf('/'); end !== -1; end = pointer.lastIndexOf('/', end - 1)) {
    places.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return places;
}

function explain(error: SchemaError): Finding {
  const at = fromPointer(error.instancePath);
  if (error.propertyName !== undefined) return badName(error, [...at, error.propertyName]);
  if (error.keyword === 'additionalProperties') return unknownKey(error, at);
  if (error.keyword === 'required') return missingKey(error, at);
  if (error.keyword === 'discriminator') return badKind(error, at);
  return badValue(error, at);
}

function badName(error: SchemaError, at: ValuePath): Finding {
  const expected = expectation(error);
  const found = quote(error.propertyName ?? '');
  const message = `${found} cannot be a key of ${place(at.slice(0, -1))}: ${expected} is expected`;
  return { code: 'wrong-value', at, on: 'key', message, found, expected };
}

function unknownKey(error: SchemaError, at: ValuePath): Finding {
  const name = String(error.params['additionalProperty']);
  const known = Object.keys(asRecord(asRecord(error.parentSchema)['properties']));
  const expected = `one of ${known.join(', ')}`;
  const near = nearest(name, known);
  const message = `${place(at)} knows no key ${quote(name)}; ${expected} is expected`;
  const finding = {
    code: 'unknown-key',
    at: [...at, name],
    on: 'key',
    message,
    found: quote(name),
    expected,
  } as const;
  return near === undefined ? finding : { ...finding, nearest: near };
}

function missingKey(error: SchemaError, at: ValuePath): Finding {
  const name = String(error.params['missingProperty']);
  const expected = `the key ${name}`;
  return { code: 'missing-key', at, on: 'key', message: `${place(at)} lacks ${expected}; add it`, expected };
}

/** A policy, secret or remote whose `kind`, `from` or `type` is missing or unknown. */
function badKind(error: SchemaError, at: ValuePath): Finding {
  const tag = String(error.params['tag']);
  const record = asRecord(error.data);
  const known = knownKinds(tag);
  const expected = `one of ${known.join(', ')}`;
  if (!Object.hasOwn(record, tag)) {
    return {
      code: 'missing-key',
      at,
      on: 'key',
      message: `${place(at)} lacks the key ${tag}: ${expected}`,
      expected,
    };
  }
  const value = record[tag];
  const found = describeValue(tag, value);
  const near = typeof value === 'string' ? nearest(value, known) : undefined;
  const message = `${tag} of ${place(at)} is ${found}; ${expected} is expected`;
  const finding = { code: 'wrong-value', at: [...at, tag], on: 'value', message, found, expected } as const;
  return near === undefined ? finding : { ...finding, nearest: near };
}

function badValue(error: SchemaError, at: ValuePath): Finding {
  const key = String(at.findLast((part) => !/^[0-9]+$/.test(String(part))) ?? '');
  const isType = error.keyword === 'type' || error.keyword === 'anyOf';
  // A password written where a reference belongs must not be repeated in a message.
  const hidesValue = isType && typeof error.data === 'string';
  const found = hidesValue ? 'a text' : describeValue(key, error.data);
  const expected = expectation(error);
  const choices = asList(error.params['allowedValues']).filter((choice) => typeof choice === 'string');
  const near = typeof error.data === 'string' ? nearest(error.data, choices) : undefined;
  const message = `${place(at)} is ${found}; ${expected} is expected${hint(error)}`;
  const code = isType ? 'wrong-type' : 'wrong-value';
  const finding = { code, at, on: 'value', message, found, expected } as const;
  return near === undefined ? finding : { ...finding, nearest: near };
}

function hint(error: SchemaError): string {
  if (error.data === null) return '; give it a value, or remove the key';
  const pattern = asRecord(error.parentSchema)['pattern'];
  const { data } = error;
  const isPlain = typeof data === 'number' || typeof data === 'boolean';
  if (isPlain && typeof pattern === 'string' && new RegExp(pattern).test(String(data)))
    return '; write it in quotes';
  const takesSecret = JSON.stringify(error.parentSchema ?? {}).includes('"secret"');
  if (takesSecret && typeof error.data === 'string')
    return '; write { secret: NAME } and declare NAME under secrets';
  return '';
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  object: 'a mapping',
  string: 'a text',
};

/** What the schema wants, in words: its own comment where it has one. */
function expectation(error: SchemaError): string {
  const { params, keyword } = error;
  const comment = asRecord(error.parentSchema)['$comment'];
  if (typeof comment === 'string') return comment;
  if (keyword === 'enum') return `one of ${asList(params['allowedValues']).join(', ')}`;
  if (keyword === 'minimum') return `at least ${String(params['limit'])}`;
  if (keyword === 'maximum') return `at most ${String(params['limit'])}`;
  if (keyword === 'maxLength') return `at most ${String(params['limit'])} characters`;
  if (keyword === 'minItems') return 'at least one entry';
  if (keyword === 'minProperties') return 'at least one key';
  if (keyword === 'uniqueItems') return 'each entry only once';
  if (keyword === 'type')
    return [params['type']]
      .flat()
      .map((type) => TYPES[String(type)] ?? 'nothing')
      .join(' or ');
  return describedBy(error) ?? 'something else';
}

function describedBy(error: SchemaError): string | undefined {
  const description = asRecord(error.parentSchema)['description'];
  return typeof description === 'string' ? `what it is for (${description.replace(/\.$/, '')})` : undefined;
}

function place(at: ValuePath): string {
  if (at.length === 0) return 'the file';
  return at
    .map((part) => (/^[A-Za-z0-9_.-]{1,80}$/.test(String(part)) ? String(part) : quote(String(part))))
    .join(' › ');
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
