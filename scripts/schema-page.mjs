// Writes a JSON Schema as a page for people.

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string} [description]
 * @property {string | string[]} [type]
 * @property {string | number} [const]
 * @property {readonly (string | number)[]} [enum]
 * @property {string} [pattern]
 * @property {string | number | boolean} [default]
 * @property {Record<string, Schema>} [properties]
 * @property {Schema | boolean} [additionalProperties]
 * @property {Schema} [items]
 * @property {readonly string[]} [required]
 * @property {readonly Schema[]} [oneOf]
 * @property {readonly Schema[]} [anyOf]
 * @property {Record<string, Schema>} [$defs]
 */

/**
 * One section for the document itself and one for each definition.
 *
 * @param {Schema} schema
 * @param {{ title: string, source: string }} page
 * @returns {string} Markdown
 */
export function schemaPage(schema, { title, source }) {
  const definitions = schema.$defs ?? {};
  // Forms of plain text come last: one looks them up, one does not read them.
  const sections = Object.entries(definitions)
    .toSorted(([, a], [, b]) => Number(a.pattern !== undefined) - Number(b.pattern !== undefined))
    .map(([name, definition]) => `## ${name}\n\n${section(definition, definitions)}`);
  return `${[
    `<!-- Generated from ${source} by \`npm run generate\`. Do not edit. -->`,
    `# ${title}`,
    section(schema, definitions),
    ...sections,
  ].join('\n\n')}\n`;
}

/**
 * @param {Schema} schema
 * @param {Record<string, Schema>} definitions
 * @returns {string}
 */
function section(schema, definitions) {
  const parts = schema.description === undefined ? [] : [prose(schema.description)];
  if (schema.properties !== undefined) parts.push(table(schema, definitions));
  else if (schema.pattern !== undefined) parts.push(`Text that matches \`${schema.pattern}\`.`);
  else parts.push(`${kindOf(schema)}.`);
  return parts.join('\n\n');
}

/**
 * @param {Schema} schema
 * @param {Record<string, Schema>} definitions
 * @returns {string}
 */
function table(schema, definitions) {
  const rows = rowsOf(schema, '').map(({ key, value, isNeeded }) => {
    const cell = [
      prose(value.description ?? definitions[nameOf(value.$ref)]?.description ?? ''),
      value.default === undefined ? '' : `Default: \`${String(value.default)}\`.`,
      isNeeded ? '**(needed)**' : '',
    ];
    return `| \`${key}\` | ${kindOf(value)} | ${cell.filter((each) => each !== '').join(' ')} |`;
  });
  return ['| key | value | |', '|---|---|---|', ...rows].join('\n');
}

/**
 * The keys of an object and, with dotted names, those of the objects in it that have no section of their own.
 *
 * @param {Schema} schema
 * @param {string} prefix
 * @returns {readonly { key: string, value: Schema, isNeeded: boolean }[]}
 */
function rowsOf({ properties = {}, required = [] }, prefix) {
  return Object.entries(properties).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const inner = innerOf(value);
    const row = { key, value, isNeeded: required.includes(name) };
    return [row, ...(inner === undefined ? [] : rowsOf(inner.schema, `${key}${inner.step}`))];
  });
}

/**
 * @param {Schema} value
 * @returns {{ schema: Schema, step: string } | undefined} the object that is written out right here, and the way to it
 */
function innerOf(value) {
  const { properties, additionalProperties: named, items } = value;
  if (properties !== undefined) return { schema: value, step: '.' };
  if (typeof named === 'object' && named.properties !== undefined) return { schema: named, step: '.NAME.' };
  return items?.properties === undefined ? undefined : { schema: items, step: '[].' };
}

/**
 * What a value may be, in a few words.
 *
 * @param {Schema} schema
 * @returns {string}
 */
function kindOf(schema) {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${String(each)}\``).join(' · ');
  const choices = choicesOf(schema);
  if (choices !== undefined) return choices.map(kindOf).join(' · ');
  if (schema.properties !== undefined) return 'object';
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object')
    return `by name: ${kindOf(schema.additionalProperties)}`;
  return [schema.type ?? 'value'].flat().join(' · ');
}

/**
 * @param {Schema} schema
 * @returns {readonly Schema[] | undefined}
 */
function choicesOf(schema) {
  return schema.oneOf ?? schema.anyOf;
}

/**
 * @param {string} ref
 * @returns {string}
 */
function linkTo(ref) {
  const name = nameOf(ref);
  return `[${name}](#${name.toLowerCase()})`;
}

/**
 * @param {string | undefined} ref
 * @returns {string}
 */
function nameOf(ref = '') {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/**
 * @param {string} text
 * @returns {string} with what Markdown would take for something else written out
 */
function prose(text) {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('*', '\\*');
}
