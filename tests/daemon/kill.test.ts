import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import { anchord } from '../rig/anchord-command.ts';
import { assertWhole } from '../rig/assert-whole.ts';
import { DemoRig } from '../rig/demo-rig.ts';

/** What makes each event come: a push, a broken push, or a run. */
const KINDS: Readonly<Partial<Record<AnchordEvent['kind'], 'push' | 'broken push' | 'start'>>> = {
  'daemon.started': 'start',
  'daemon.listening': 'start',
  'look.started': 'push',
  'look.ended': 'push',
  'revision.fetched': 'push',
  'revision.rejected': 'broken push',
  'revision.trusted': 'push',
  'pass.started': 'push',
  'resource.changed': 'push',
  'condition.changed': 'push',
  'pass.ended': 'push',
  'run.started': 'start',
  'run.progress': 'start',
  'run.ended': 'start',
  'status.published': 'push',
};

for (const [kind, cause] of Object.entries(KINDS) as [
  AnchordEvent['kind'],
  'push' | 'broken push' | 'start',
][]) {
  test(`killed right after ${kind}, it starts again whole and does nothing twice`, async () => {
    await using rig = cause === 'start' ? await DemoRig.beginSmall() : await DemoRig.startSmall();
    if (cause === 'start') {
      await rig.anchord.event(kind);
    } else {
      await rig.settled();
      const from = rig.anchord.now();
      rig.clone().push({
        'hosts/motoko/new.yaml': cause === 'push' ? 'directories:\n  /space/new: {}\n' : 'directories: 7\n',
      });
      await rig.anchord.event(kind, () => true, from);
    }
    await rig.anchord.stop('SIGKILL');

    await rig.restart();
    if (cause === 'broken push') {
      // A good push after the broken one is what a person does next.
      rig.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /space/new: {}\n' });
    } else if (cause === 'start') {
      rig.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /space/new: {}\n' });
    }

    await rig.until(
      (status) =>
        status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') &&
        existsSync(join(rig.root, 'space/new')),
    );
    await rig.until((status) =>
      status.policies.some(({ name, lastSuccessAt }) => name === 'flux-local' && lastSuccessAt !== undefined),
    );
    await assertWhole(rig);
  });
}

test('killed while an accept-rewrite waits, it still accepts exactly that commit', async () => {
  await using rig = await DemoRig.startSmall();
  const clone = rig.clone();
  await rig.untilReady(clone.push({ 'hosts/motoko/a.yaml': 'directories:\n  /space/a: {}\n' }));
  await rig.anchord.stop('SIGKILL');
  clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  const rewritten = clone.push({ 'hosts/motoko/b.yaml': 'directories:\n  /space/b: {}\n' }, '--force');

  assert.equal(anchord(['accept-rewrite', rewritten, '--dir', rig.dir]).code, 0);
  await rig.restart();

  await rig.untilReady(rewritten);
  assert.ok(existsSync(join(rig.root, 'space/b')));
});
