import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withMounts } from '../files/privileges.ts';
import { ask } from '../rig/ask.ts';
import { HostRig } from '../rig/host-rig.ts';
import { SmallDisk } from '../rig/small-disk.ts';

test(
  'a full disk under the status remote holds nothing up, is told of, and is caught up with',
  withMounts,
  async () => {
    await using rig = HostRig.make();
    const at = join(rig.temp, 'git/far');
    using disk = SmallDisk.mount(at, '8m');
    const far = join(at, 'status.git');
    execFileSync('git', ['init', '--quiet', '--bare', far]);
    rig.configure({ status: { url: far } });
    disk.fill();
    await rig.run();
    await rig.adopt('data', 'vault');

    const told = await rig.untilCondition('StatusPublished', 'False');
    const revision = rig.clone().push(directories('/data/new'));
    await rig.untilReady(revision);
    const word = told.conditions.find(({ type }) => type === 'StatusPublished');
    disk.empty();
    await rig.untilCondition('StatusPublished', 'True');

    assert.match(word?.message ?? '', /No space left|refused|full/i);
    assert.ok(existsSync(join(rig.root, 'data/new')));
    assert.match(
      execFileSync('git', ['-C', far, 'log', '--format=%B', 'anchord-status/motoko'], { encoding: 'utf8' }),
      new RegExp(revision),
    );
    execFileSync('git', ['-C', far, 'fsck', '--strict'], { stdio: 'pipe' });
  },
);

test(
  'a full disk under the state directory and its repositories ends nothing, and what was pushed meanwhile becomes so afterwards',
  withMounts,
  async () => {
    await using rig = HostRig.make();
    using disk = SmallDisk.mount(rig.state, '24m');
    await rig.run();
    await rig.adopt('data', 'vault');
    await rig.untilReady();
    disk.fill();
    const clone = rig.clone();
    const from = rig.anchord.now();

    const whileFull = clone.push(directories('/data/full'));
    await rig.anchord.event('look.ended', ({ revision }) => revision === whileFull, from);
    const health = await ask(new URL('health', (await rig.anchord.event('daemon.listening')).url));
    disk.empty();
    await rig.untilReady(whileFull);

    assert.equal(health.status, 200);
    assert.ok(existsSync(join(rig.root, 'data/full')));
    await rig.untilPublished((status) => status.source.applied === whileFull);
    for (const repository of [rig.upstream, join(rig.state, 'mirror.git'), join(rig.state, 'status.git')])
      execFileSync('git', ['-C', repository, 'fsck', '--strict'], { stdio: 'pipe' });
    const { code, stdout } = await rig.command('audit', 'verify');
    assert.equal(code, 0, stdout);
  },
);

function directories(path: string): Readonly<Record<string, string>> {
  return { 'hosts/motoko/more.yaml': `directories:\n  ${path}: {}\n` };
}
