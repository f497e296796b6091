import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { root } from './repository.ts';

const design = readFileSync(`${root}DESIGN.md`, 'utf8');
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

test('DESIGN.md says of every package the daemon runs with why it is not built in', () => {
  assert.deepEqual(packagesInTable('Packages at run time'), Object.keys(manifest.dependencies).sort());
});

test('DESIGN.md says of every package for development why it is there', () => {
  assert.deepEqual(packagesInTable('Packages for development'), Object.keys(manifest.devDependencies).sort());
});

/** Names in the first column of the table below a heading; a row without a reason counts as no row. */
function packagesInTable(heading: string): readonly string[] {
  const section = design.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`));
  assert.ok(section, `DESIGN.md has no heading "${heading}"`);
  return [...section.matchAll(/^\| `([^`]+)` \|([^|]+)\|/gm)]
    .filter(([, , reason = '']) => reason.trim().length > 10)
    .map(([, name = '']) => name)
    .sort();
}
