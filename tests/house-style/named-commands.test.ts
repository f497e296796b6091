import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { commandList } from '../rig/command-list.ts';
import { filesBelow, root } from './repository.ts';

// In code style, as a next step, or in the example of a help text; "anchord follows none" is none of these.
const NAMED =
  /(?:`|next: [`']|(?:then|or|one|it|demo): |^ {2,4})anchord ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?(?=[\s`'\\.,]|$)/gm;

test('no message and no page sends anybody to a command that does not exist', () => {
  const known = new Set(commandList());
  const below = new Map(['policy', 'volume'].map((name) => [name, commandList(name)]));
  const files = [
    'daemon',
    'state-schema/checks',
    'state-schema/parse',
    'dashboard',
    'docs',
    'example-state-repo',
  ]
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => /\.(ts|js|md|html)$/.test(path) && !path.includes('/vendor/'));

  const wrong = ['README.md', ...files].flatMap((path) =>
    [...readFileSync(root + path, 'utf8').matchAll(NAMED)]
      .filter(([, name = '', child]) => {
        const children = below.get(name);
        return (
          !known.has(name) || (children !== undefined && child !== undefined && !children.includes(child))
        );
      })
      .map(([text]) => `${path}: ${text.trim()}`),
  );

  assert.deepEqual(wrong, []);
});
