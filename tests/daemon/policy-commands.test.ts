import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anchord } from '../rig/anchord-command.ts';
import { AnchordProcess } from '../rig/anchord-process.ts';
import { DemoRig } from '../rig/demo-rig.ts';
import { soon } from '../rig/soon.ts';

test('a run that is under way is told, and a person can cancel it', async () => {
  await using rig = await slowDemo();
  const from = rig.anchord.now();
  await using _waiting = AnchordProcess.start(['policy', 'run', 'flux-local', '--dir', rig.dir]);
  await rig.anchord.event('run.progress', () => true, from);

  const second = anchord(['policy', 'run', 'flux-local', '--dir', rig.dir]);
  const cancelled = anchord(['policy', 'cancel', 'flux-local', '--dir', rig.dir]);

  assert.equal(second.code, 5);
  assert.match(second.stderr, /flux-local already runs\n {2}next: .*anchord policy cancel flux-local/);
  assert.deepEqual([cancelled.code, cancelled.stdout], [0, 'flux-local was told to stop\n']);
  const { run } = await rig.anchord.event('run.ended', (event) => event.run.outcome === 'cancelled');
  assert.equal(run.reason, 'Cancelled');
  const idle = anchord(['policy', 'cancel', 'flux-local', '--dir', rig.dir]);
  assert.deepEqual([idle.code, idle.stderr.includes('no run of "flux-local" is under way')], [1, true]);
  await rig.anchord.stop();
  assert.equal(anchord(['policy', 'cancel', 'flux-local', '--dir', rig.dir]).code, 6);
});

test('without a daemon, Ctrl-C ends the run with the command, and the run is known as interrupted', async () => {
  await using rig = await slowDemo();
  await rig.anchord.stop();
  await using alone = AnchordProcess.start(['policy', 'run', 'flux-local', '--json', '--dir', rig.dir]);
  await used(join(rig.root, 'space/snapshots/flux-local'));

  assert.deepEqual(await alone.stop('SIGINT'), { code: 1, signal: null });

  const [flux] = JSON.parse(anchord(['policy', 'list', '--json', '--dir', rig.dir]).stdout).filter(
    ({ name }: { readonly name: string }) => name === 'flux-local',
  ) as readonly {
    readonly lastRun: { readonly outcome: string; readonly reason: string };
  }[];
  assert.deepEqual([flux?.lastRun.outcome, flux?.lastRun.reason], ['cancelled', 'Interrupted']);
});

/** A demo whose next run of flux-local takes a while. */
async function slowDemo(): Promise<DemoRig> {
  const rig = await DemoRig.startSmall();
  await rig.settled();
  const clone = rig.clone();
  const policies = readFileSync(join(clone.dir, 'hosts/motoko/policies.yaml'), 'utf8');
  const revision = clone.push({
    'hosts/motoko/policies.yaml': policies.replace('kind: backup\n', 'kind: backup\n    bandwidth: 20KB\n'),
  });
  await rig.anchord.event('revision.trusted', (event) => event.revision === revision);
  writeFileSync(join(rig.root, 'flux/active/random'), randomBytes(3_000_000));
  return rig;
}

/** Until restic has put its own lock into a repository. */
async function used(repository: string): Promise<void> {
  await soon(() => readdirSync(join(repository, 'locks')).length > 0, 'restic has locked the repository');
}
