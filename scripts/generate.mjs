// Writes what is made from the JSON Schemas: the types in state-schema/generated/ and the pages in docs/reference/, so
// that neither can say anything else. `--check` writes nothing and fails when a file differs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFromFile } from 'json-schema-to-typescript';
import { schemaPage } from './schema-page.mjs';

const SCHEMAS = ['state-file', 'host-settings', 'status', 'history'];
const PAGES = [
  { name: 'state-file', title: 'State files: every key' },
  { name: 'host-settings', title: 'Host settings: every key' },
  { name: 'status', title: 'status.json: every key' },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const stale = [];

for (const [path, text] of [...(await types()), ...pages()]) {
  if (existsSync(root + path) && readFileSync(root + path, 'utf8') === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
}

if (check && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nrun: npm run generate`);
  process.exitCode = 1;
}

/** @returns {Promise<[string, string][]>} texts by path */
async function types() {
  const cwd = `${root}state-schema/schemas`;
  return Promise.all(
    SCHEMAS.map(async (name) => {
      const text = await compileFromFile(`${cwd}/${name}.schema.json`, {
        cwd,
        bannerComment: `// Generated from schemas/${name}.schema.json by \`npm run generate\`. Do not edit.`,
        unreachableDefinitions: true,
        format: true,
        style: { singleQuote: true, printWidth: 110 },
      });
      return /** @type {[string, string]} */ ([`state-schema/generated/${name}.ts`, text]);
    }),
  );
}

/** @returns {[string, string][]} texts by path */
function pages() {
  return PAGES.map(({ name, title }) => {
    const source = `state-schema/schemas/${name}.schema.json`;
    const schema = /** @type {import('./schema-page.mjs').Schema} */ (
      JSON.parse(readFileSync(root + source, 'utf8'))
    );
    return [`docs/reference/${name}.md`, schemaPage(schema, { title, source })];
  });
}
