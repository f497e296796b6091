import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PublisherRig } from './publisher-rig.ts';

test('a clone whose git gives lines the ends of Windows has every byte as it was published', async () => {
  await using rig = await PublisherRig.make();
  await using _publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  const clone = rig.git.path('clone');
  const branch = ['--branch', 'anchord-status/motoko'];

  execFileSync('git', ['clone', '--quiet', '-c', 'core.autocrlf=true', ...branch, rig.remote, clone]);

  for (const name of ['status.json', 'README.md', 'data.js']) {
    const published = execFileSync('git', ['show', `HEAD:${name}`], { cwd: clone });
    assert.ok(readFileSync(join(clone, name)).equals(published), name);
  }
});
