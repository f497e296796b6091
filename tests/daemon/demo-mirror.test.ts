import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anchord } from '../rig/anchord-command.ts';
import { DemoRig } from '../rig/demo-rig.ts';

test('in the demo, an emptied /space loses nothing in the cloud until a person accepts it', async () => {
  await using rig = await DemoRig.start();
  await rig.anchord.event('run.ended', ({ run }) => run.policy === 'space-mirror' && run.outcome === 'ok');
  const space = join(rig.root, 'space');
  const cloud = join(rig.dir, 'cloud/b2mirror/miket-space-mirror/archives/welcome');
  const mirrored = readdirSync(cloud);
  for (const name of readdirSync(space))
    if (!name.startsWith('.')) rmSync(join(space, name), { recursive: true });

  const refused = anchord(['policy', 'run', 'space-mirror', '--dir', rig.dir]);

  assert.equal(refused.code, 5, refused.stdout + refused.stderr);
  assert.match(
    refused.stdout,
    /^space-mirror: refused: \/space holds no file, and held 3 at the last good run/,
  );
  assert.deepEqual(readdirSync(cloud), mirrored);
  const status = await rig.until(({ summary }) => summary.level === 'failed');
  assert.equal(status.policies.find(({ name }) => name === 'space-mirror')?.reason, 'SourceShrunk');
  const plan = anchord(['policy', 'plan', 'space-mirror', '--json', '--dir', rig.dir]);
  const { waiting } = JSON.parse(plan.stdout) as { readonly waiting: { readonly id: string } };
  assert.match(refused.stdout, new RegExp(`policy accept space-mirror ${waiting.id}$`, 'm'));
  assert.equal(anchord(['policy', 'accept', 'space-mirror', waiting.id, '--dir', rig.dir]).code, 0);
  const accepted = anchord(['policy', 'run', 'space-mirror', '--dir', rig.dir]);
  assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
  assert.deepEqual(readdirSync(cloud), []);
});

test('a disk without its sentinel is not mirrored at all', async () => {
  await using rig = await DemoRig.start();
  await rig.anchord.event('run.ended', ({ run }) => run.policy === 'space-mirror' && run.outcome === 'ok');
  rmSync(join(rig.root, 'space'), { recursive: true });

  const refused = anchord(['policy', 'run', 'space-mirror', '--dir', rig.dir]);

  assert.equal(refused.code, 5, refused.stdout + refused.stderr);
  const cloud = join(rig.dir, 'cloud/b2mirror/miket-space-mirror/archives/welcome');
  assert.equal(readdirSync(cloud).length, 3);
});
