// Writes state-schema/generated/*.ts from the JSON Schemas, so that the types cannot say anything else.
// `--check` writes nothing and fails when a file differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFromFile } from 'json-schema-to-typescript';

const folder = fileURLToPath(new URL('../state-schema/', import.meta.url));
const names = ['state-file', 'host-settings', 'status', 'history'];
const check = process.argv.includes('--check');
const stale = [];

for (const name of names) {
  const text = await compileFromFile(`${folder}schemas/${name}.schema.json`, {
    cwd: `${folder}schemas`,
    bannerComment: `// Generated from schemas/${name}.schema.json by \`npm run generate\`. Do not edit.`,
    unreachableDefinitions: true,
    format: true,
    style: { singleQuote: true, printWidth: 110 },
  });
  const target = `${folder}generated/${name}.ts`;
  let present = '';
  try {
    present = readFileSync(target, 'utf8');
  } catch {
    // Not generated yet.
  }
  if (present === text) continue;
  if (check) stale.push(target);
  else writeFileSync(target, text);
}

if (stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nrun: npm run generate`);
  process.exitCode = 1;
}
