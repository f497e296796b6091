import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { root } from './repository.ts';

// Not for reading in an order: other programs' files, or one page of their own.
const WITHOUT_START = ['agent', 'systemd', 'fixtures', 'example-state-repo'];
// Made by tools, and in no commit.
const NOT_OURS = ['node_modules', 'dist', 'test-results', 'playwright-report'];

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_OURS.includes(entry.name))
  .map((entry) => entry.name);

for (const folder of folders) {
  test(`${folder}/ has a README that says where to begin`, () => {
    const file = `${root}${folder}/README.md`;
    assert.ok(existsSync(file), `${folder}/README.md is missing`);
    if (WITHOUT_START.includes(folder)) return;

    const words = readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').toLowerCase();

    assert.match(words, /start reading at/);
  });
}
