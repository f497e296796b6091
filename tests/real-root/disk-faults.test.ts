import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Reason, Status } from '../../state-schema/generated/status.ts';
import { withPrivateRoot } from './private-root.ts';
import { RealHost } from './real-host.ts';

const options = withPrivateRoot();
let host: RealHost;
let names = 0;

before(async () => {
  if (options.skip !== undefined) return;
  host = await RealHost.start();
  await host.adopt();
  assert.equal((await host.command('policy', 'init', 'flux-local')).code, 0);
  await host.makeDisk('other', 'other');
  await host.makeDisk('twin', 'flux');
});
after(async () => {
  if (options.skip !== undefined) return;
  await host[Symbol.asyncDispose]();
});

/** What happens to a mounted disk on a real host, how its guard has to call that, and how a person mends it. */
const FAULTS: readonly {
  readonly what: string;
  readonly break: string;
  readonly mend: string;
  readonly reason: Reason;
}[] = [
  {
    what: 'is unmounted',
    break: 'unmount /flux',
    mend: 'mount -o loop /disks/flux /flux',
    reason: 'NotMounted',
  },
  {
    what: 'is replaced by one with another label and a copy of its sentinel',
    break:
      'cp -a /flux/.anchord-volume /disks/copy; unmount /flux; mount -o loop /disks/other /flux; cp -a /disks/copy /flux/.anchord-volume',
    mend: 'unmount /flux; mount -o loop /disks/flux /flux',
    reason: 'WrongIdentity',
  },
  {
    what: 'is replaced by one with the same label',
    break: 'unmount /flux; mount -o loop /disks/twin /flux',
    mend: 'unmount /flux; mount -o loop /disks/flux /flux',
    reason: 'WrongIdentity',
  },
  {
    what: 'is replaced by another file system',
    break: 'unmount /flux; mount -t tmpfs -o mode=0755 flux /flux',
    mend: 'unmount /flux; mount -o loop /disks/flux /flux',
    reason: 'WrongIdentity',
  },
  {
    what: 'is covered by another one',
    break: 'mount -o loop /disks/other /flux',
    mend: 'unmount /flux',
    reason: 'WrongIdentity',
  },
  {
    what: 'is replaced by a folder that holds a copy of it',
    break: 'cp -a /flux/. /disks/fake; unmount /flux; mount --bind /disks/fake /flux',
    mend: 'unmount /flux; mount -o loop /disks/flux /flux',
    reason: 'NotMounted',
  },
  {
    what: 'becomes read-only',
    break: 'read_only /flux',
    mend: 'mount -o remount,rw /flux',
    reason: 'ReadOnly',
  },
  {
    what: 'is replaced by one with the same label and a copy of its sentinel',
    break:
      'cp -a /flux/.anchord-volume /disks/copy; unmount /flux; mount -o loop /disks/twin /flux; cp -a /disks/copy /flux/.anchord-volume',
    mend: 'unmount /flux; mount -o loop /disks/flux /flux',
    reason: 'WrongIdentity',
  },
  {
    what: 'has an error in its file system',
    break: 'loop=$(findmnt -nfo SOURCE /flux); echo tested > "/sys/fs/ext4/${loop#/dev/}/trigger_fs_error"',
    mend: 'unmount /flux; e2fsck -fy /disks/flux >&2 || true; mount -o loop /disks/flux /flux',
    reason: 'DiskErrors',
  },
  {
    what: 'loses its sentinel',
    break: 'mv /flux/.anchord-volume /disks/sentinel',
    mend: 'mv /disks/sentinel /flux/.anchord-volume',
    reason: 'SentinelMissing',
  },
];

for (const fault of FAULTS) {
  test(
    `when a disk ${fault.what}, what is on it waits and nothing is written, until it is right again`,
    options,
    async () => {
      await host.sh(fault.break);
      const before = await tree();

      const name = await untilFaulty(fault.reason);

      const refused = await host.command('policy', 'run', 'flux-local');
      assert.equal(refused.code, 5, refused.stderr);
      assert.equal(await tree(), before);

      await host.sh(fault.mend);
      await untilMended(name);
    },
  );
}

test('when a busy disk is unmounted lazily, nothing is made on the bare mount point', options, async () => {
  const [program, ...rest] = [...host.place.through, 'sh', '-c', 'cd /flux/active; echo in; exec cat'];
  const busy = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(busy.stdout, 'data');
    await host.sh('umount --lazy /flux');

    const name = await untilFaulty('NotMounted');

    assert.equal(await host.sh('ls -A /flux'), '');
    await host.sh('mount -o loop /disks/flux /flux');
    await untilMended(name);
  } finally {
    busy.stdin.end();
    await once(busy, 'exit');
  }
});

test(
  'a run whose disk is unmounted while it works is suspect, and the next one is good',
  options,
  async () => {
    await host.sh(`cat > /usr/sbin/restic <<'END'
#!/bin/sh
case " $* " in *' backup '*) kill -STOP $$ ;; esac
exec /usr/bin/restic "$@"
END
chmod +x /usr/sbin/restic; echo work > /flux/active/work`);
    const run = host.command('policy', 'run', 'flux-local');
    const stopped = await host.sh(
      'until pid=$(grep -ls "^State:.T" /proc/[0-9]*/status); do sleep 0.1; done; echo "$pid"',
    );
    await host.sh('umount --lazy /flux');
    await host.untilCondition('VolumesGuarded', 'False', 'NotMounted');
    await host.sh('rm /usr/sbin/restic; kill -CONT "$1"', stopped.split('/')[2] ?? '');

    // restic itself has nothing to complain of: it has made a snapshot of the bare mount point.
    const suspect = await run;

    assert.equal(suspect.code, 1, suspect.stdout + suspect.stderr);
    assert.match(suspect.stdout + suspect.stderr, /suspect.*nothing is mounted at \/flux/s);
    await host.sh('mount -o loop /disks/flux /flux');
    await host.untilCondition('VolumesGuarded', 'True');
    const good = await host.command('policy', 'run', 'flux-local');
    assert.equal(good.code, 0, good.stdout + good.stderr);
    await host.untilReady();
  },
);

test('a disk below its minimum takes no backup, and keeps everything else up', options, async () => {
  const volumes = readFileSync(join(host.clone.dir, 'hosts/motoko/volumes.yaml'), 'utf8');
  host.clone.push({
    'hosts/motoko/volumes.yaml': volumes.replace('label: space', 'label: space, minFree: 99%'),
  });

  const status = await host.untilCondition('VolumesGuarded', 'False', 'BelowMinimumFree');

  assert.deepEqual(
    status.volumes.map(({ name, guard }) => [name, guard]),
    [
      ['flux', 'passed'],
      ['space', 'full'],
    ],
  );
  assert.match(status.summary.sentence, /writes nothing new to space/);
  const refused = await host.command('policy', 'run', 'flux-local');
  assert.equal(refused.code, 5, refused.stderr);
  assert.match(refused.stderr, /less than 99% is free on \/space/);
  host.clone.push({ 'hosts/motoko/volumes.yaml': volumes });
  await host.untilCondition('VolumesGuarded', 'True');
  await host.untilReady();
});

test(
  'a disk mounted in the way of a managed directory is named, and nothing is made on it',
  options,
  async () => {
    await host.sh('mount -t tmpfs -o mode=0755 stranger /flux/active');
    const revision = host.declare('/flux/active/inside');

    const status = await host.until(
      (now) => now.source.applied === revision && stateOf(now, '/flux/active/inside') === 'waiting',
    );

    const active = status.resources.items.find((item) => item.id === 'directory:/flux/active');
    assert.equal(active?.reason, 'WrongIdentity');
    assert.match(active.message ?? '', /another file system, which no volume declares/);
    assert.equal(await host.sh('ls -A /flux/active; stat -c "%u %a" /flux/active'), '0 755');
    await host.sh('unmount /flux/active');
    await host.untilReady(revision);
  },
);

/** Pushes one new directory on each disk, and waits until the one waits because of this reason and the other is made. */
async function untilFaulty(reason: Reason): Promise<string> {
  const name = `new-${++names}`;
  const revision = host.declare(`/flux/${name}`, `/space/${name}`);
  const status = await host.until(
    (now) =>
      now.source.applied === revision &&
      stateOf(now, `/flux/${name}`) === 'waiting' &&
      now.volumes.some((volume) => volume.name === 'flux' && volume.reason === reason) &&
      // Said last: in the middle of a pass it is still what it was.
      now.conditions.some((one) => one.type === 'VolumesGuarded' && one.reason === reason),
  );
  assert.equal(status.summary.level, 'failed');
  assert.equal(status.conditions.find(({ type }) => type === 'VolumesGuarded')?.status, 'False');
  assert.notEqual(stateOf(status, `/space/${name}`), 'waiting');
  return name;
}

async function untilMended(name: string): Promise<void> {
  await host.untilReady();
  assert.equal(await host.sh('stat -c %F "/flux/$1" "/space/$1"', name), 'directory\ndirectory');
}

/** Everything at the mount point, whatever is mounted there now, and on the bare one below. */
async function tree(): Promise<string> {
  const seen = await host.sh('find /flux -printf "%p %y %U %G %m %T@ %C@\\n" | sort');
  return `${seen}\nbelow: ${await host.bare()}`;
}

function stateOf(status: Status, path: string): string | undefined {
  return status.resources.items.find((item) => item.id === `directory:${path}`)?.state;
}
