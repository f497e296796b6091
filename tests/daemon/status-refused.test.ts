import assert from 'node:assert/strict';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Status } from '../../state-schema/generated/status.ts';
import { HttpGitServer } from '../git/http-git-server.ts';
import { HostRig } from '../rig/host-rig.ts';

const BRANCH = 'anchord-status/motoko';

test('a remote that refuses the status branch is named with its words, holds nothing up, and is tried again', async () => {
  await using rig = HostRig.make();
  await using server = await HttpGitServer.start(join(rig.temp, 'git'));
  rig.configure({ repository: { url: server.url('upstream.git'), interval: '1s' } });
  const hook = join(rig.upstream, 'hooks/update');
  writeFileSync(
    hook,
    '#!/bin/sh\ncase $1 in refs/heads/anchord-status/*) echo "the gatekeeper says no" >&2; exit 1;; esac\n',
  );
  chmodSync(hook, 0o755);
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  const clone = rig.clone();

  const refused = await rig.untilCondition('StatusPublished', 'False', 'PublishFailed');
  const revision = clone.push({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
  await rig.untilReady(revision);

  const word = refused.conditions.find((condition) => condition.type === 'StatusPublished');
  assert.match(
    word?.message ?? '',
    /refused it, .*hook declined.*the gatekeeper says no.*check hooks and branch protection/,
  );
  assert.ok(existsSync(join(rig.root, 'data/new')));
  const { stdout } = await rig.command('status');
  assert.match(stdout, /the gatekeeper says no/);

  rmSync(hook);
  const published = await rig.untilPublished((status) => status.source.applied === revision);
  assert.equal(published.summary.level, (await rig.status()).summary.level);
  await rig.untilCondition('StatusPublished', 'True');
});

test('another writer on the status branch loses nothing, and the daemon goes on on top of it', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished((status) => isReady(status));
  const other = rig.clone();
  other.git('fetch', '--quiet', 'origin');
  other.git('checkout', '--quiet', '-b', 'race', `origin/${BRANCH}`);
  const pusher = rig.clone();
  const written: string[] = [];

  let revision = '';
  for (let round = 0; round < 4; round++) {
    revision = pusher.push({
      [`hosts/motoko/new-${round}.yaml`]: `directories:\n  /data/new-${round}: {}\n`,
    });
    written.push(writeBetween(other, round));
    await rig.untilPublished((status) => status.source.applied === revision);
  }

  other.git('fetch', '--quiet', 'origin');
  for (const commit of written) other.git('merge-base', '--is-ancestor', commit, `origin/${BRANCH}`);
  const parents = other.git('log', '--format=%P', `origin/${BRANCH}`).trimEnd().split('\n');
  assert.ok(parents.every((line) => line.split(' ').length === 1));
  // What is on the branch is what the daemon says, and nothing else.
  assert.throws(() => other.git('show', `origin/${BRANCH}:note.txt`));
  await rig.untilCondition('StatusPublished', 'True');
});

test('a status branch that was deleted or rewritten by somebody is written anew', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished((status) => isReady(status));
  const clone = rig.clone();
  clone.pushUntilThrough(`:${BRANCH}`);

  const first = clone.push({ 'hosts/motoko/a.yaml': 'directories:\n  /data/a: {}\n' });

  await rig.untilPublished((status) => status.source.applied === first);
  clone.pushUntilThrough('--force', `HEAD:refs/heads/${BRANCH}`);
  const second = clone.push({ 'hosts/motoko/b.yaml': 'directories:\n  /data/b: {}\n' });
  await rig.untilPublished((status) => status.source.applied === second);
});

/** Puts a commit on the status branch, over whatever the daemon has put there meanwhile. */
function writeBetween(other: ReturnType<HostRig['clone']>, round: number): string {
  for (;;) {
    other.git('fetch', '--quiet', 'origin');
    other.git('reset', '--quiet', '--hard', `origin/${BRANCH}`);
    const commit = other.commit({ 'note.txt': `note ${round}\n` });
    try {
      other.git('push', '--quiet', 'origin', `HEAD:${BRANCH}`);
      return commit;
    } catch {
      // The daemon was first: on top of its commit, then.
    }
  }
}

function isReady(status: Status): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}
