import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from '../../state-schema/nearest.ts';
import { describeValue } from '../../state-schema/parse/describe-value.ts';

/** What of a schema its errors speak of; given by ajv where it is `verbose`. */
interface Asked {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly examples?: readonly unknown[];
}

/** One fault of the host settings in words: the key, what was found, what was expected, what was probably meant. Pure. */
export function settingsFault(error: ErrorObject): string {
  const key = error.instancePath.slice(1).replaceAll('/', '.');
  const where = key === '' ? 'the settings' : key;
  const asked = (error.parentSchema ?? {}) as Asked;
  const params = error.params as Readonly<Record<string, unknown>>;
  const found = `${where} is ${describeValue(key, error.data)}`;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(where, String(params['additionalProperty']), asked);
    case 'required':
      return `${where}: the key ${String(params['missingProperty'])} is missing`;
    case 'enum':
      return `${found}, expected one of ${[params['allowedValues']].flat().join(', ')}`;
    case 'type':
      return `${found}, expected a value of type ${[params['type']].flat().join(' or ')}`;
    case 'pattern':
      return `${found}, expected something like ${examples(asked, String(params['pattern']))}`;
    default:
      return `${where} ${error.message ?? 'is not valid'}`;
  }
}

function unknownKey(where: string, key: string, { properties = {} }: Asked): string {
  const known = Object.keys(properties);
  const near = nearest(key, known);
  const meant = near === undefined ? '' : `. Did you mean ${near}?`;
  return `${where}: unknown key ${JSON.stringify(key)}; one of ${known.join(', ')} is expected${meant}`;
}

function examples({ examples: given }: Asked, pattern: string): string {
  return given === undefined ? `what matches ${pattern}` : given.join(' or ');
}
