import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withPrivateRoot } from '../real-root/private-root.ts';
import { RealHost } from '../real-root/real-host.ts';
import { MAIN } from '../rig/main-file.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/recovery.md', import.meta.url)), 'utf8');
const PASSWORD = 'correct horse battery';

const POLICIES = `policies:
  flux-local:
    kind: backup
    source: /flux
    repository: /space/snapshots/flux-local
    password: { secret: restic }
    schedule: "0 * * * *"
  flux-backup:
    kind: backup
    source: /flux
    repository: "rclone:far:backups/flux"
    password: { secret: restic }
    schedule: "0 5 * * *"
remotes:
  far: { type: b2, account: { secret: far-id }, key: { secret: far-key } }
secrets:
  restic: { from: env-file, file: storage, key: RESTIC_PASSWORD }
  far-id: { from: env-file, file: storage, key: FAR_ID }
  far-key: { from: env-file, file: storage, key: FAR_KEY }
`;

const options = withPrivateRoot();
let host: RealHost;
/** Outlives the host: the folder with the remote and the state repo. */
let far: string;

before(async () => {
  if (options.skip !== undefined) return;
  host = await RealHost.start();
  far = host.place.shared;
  await equip(host, far);
  host.clone.push({ 'hosts/motoko/policies.yaml': POLICIES });
  await host.adopt();
  await host.until((status) => status.policies.some(({ name }) => name === 'flux-backup'));
  for (const name of ['flux-local', 'flux-backup']) await type(host, `anchord policy init ${name}`);
  await host.sh('echo "chapter one" > /flux/active/thesis.txt; chown mdt:mdt /flux/active/thesis.txt');
  await type(host, 'anchord policy run flux-backup');
  await host.sh('echo "chapter two" > /flux/active/thesis.txt');
  for (const name of ['flux-backup', 'flux-local', 'anchord-state'])
    await type(host, `anchord policy run ${name}`);
});

after(async () => {
  if (options.skip === undefined) await host[Symbol.asyncDispose]();
});

test('deleted an hour ago: it comes back to its place, and is its owner’s', options, async () => {
  await host.sh('rm /flux/active/thesis.txt');

  await followPage(host, 'Deleted an hour ago');

  assert.equal(
    await host.sh('cat /flux/active/thesis.txt; stat -c %U /flux/active/thesis.txt'),
    'chapter two\nmdt',
  );
});

test('last month’s version: it comes back beside the one of today', options, async () => {
  const listed = await type(host, 'anchord snapshots flux-backup --json');
  const [, first] = JSON.parse(listed) as readonly { readonly id: string }[];
  assert.ok(first !== undefined);

  await followPage(host, 'Last month’s version', first.id.slice(0, 8));

  assert.equal(await host.sh('cat /tmp/then/thesis.txt /flux/active/thesis.txt'), 'chapter one\nchapter two');
});

test('the password is lost: while the host lives it is found', options, async () => {
  const said = await followPage(host, 'The password is lost');

  assert.match(said, new RegExp(`RESTIC_PASSWORD=${PASSWORD}`));
  assert.match(said, /^snapshot +made/m);
});

test('the disk died: a new one is adopted and filled', options, async () => {
  await host.sh('unmount /flux');
  await host.makeDisk('flux-new', 'flux');
  await host.until((status) =>
    status.volumes.some(({ name, guard }) => name === 'flux' && guard === 'failed'),
  );
  await host.mount('flux-new', '/flux');

  await followPage(host, 'The disk died');

  assert.equal(await host.sh('cat /flux/active/thesis.txt'), 'chapter two');
});

test(
  'the host burned: with the remote, the state repo, the settings and the password all is there again',
  options,
  async () => {
    await host.stop();
    await using fresh = await RealHost.start();
    await fresh.stop();
    await fresh.sh('rm -rf /var/lib/anchord');
    await write(fresh, far);

    await followPage(fresh, 'The host burned');

    assert.equal(
      await fresh.sh('cat /flux/active/thesis.txt; stat -c %U /flux/active/thesis.txt'),
      'chapter two\nmdt',
    );
    const log = await type(fresh, 'anchord policy log flux-backup');
    assert.match(log, /ok/);
    assert.match(await type(fresh, 'anchord audit verify'), /intact|whole|lines/i);
    await assert.rejects(fresh.sh('grep -r "$1" /tmp/anchord-state', PASSWORD));
  },
);

/** Does what a section of the page says, line by line, as it stands there. */
async function followPage(machine: RealHost, heading: string, id = ''): Promise<string> {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading.replace('’', "'")}\n`));
  const block = /^```sh\n([\s\S]*?)^```/m.exec(section ?? '')?.[1];
  assert.ok(block !== undefined, `docs/recovery.md has no commands below "${heading}"`);
  const said: string[] = [];
  for (const line of block.trim().split('\n')) said.push(await type(machine, line.replace('1a2b3c4d', id)));
  return said.join('\n');
}

async function type(machine: RealHost, line: string): Promise<string> {
  if (line === 'systemctl stop anchord') await machine.stop();
  else if (line === 'systemctl start anchord') await start(machine);
  else return await machine.sh(line);
  return '';
}

/** A person waits until the daemon has seen the host before going on. */
async function start(machine: RealHost): Promise<void> {
  await machine.run();
  await machine.anchord.event('look.ended');
  await machine.until((status) => status.source.applied !== undefined && status.volumes.length > 0);
}

/** Gives a running host the settings of the page, and starts it again. */
async function equip(machine: RealHost, shared: string): Promise<void> {
  await machine.stop();
  await write(machine, shared);
  await machine.run();
}

async function write(machine: RealHost, shared: string): Promise<void> {
  await machine.sh(
    `umask 077
     printf '%s\\n' '#!/bin/sh' 'exec "'"$1"'" "'"$2"'" "$@"' > /usr/local/bin/anchord
     chmod 0755 /usr/local/bin/anchord
     printf 'RESTIC_PASSWORD=%s\\nFAR_ID=x\\nFAR_KEY=y\\n' "$3" > /etc/anchord/storage.env
     cat > /etc/anchord/anchord.yaml <<END
host: motoko
repository: { url: $4/upstream.git, interval: 1s }
listen: 127.0.0.1:0
allow:
  users: [mdt, users, root]
  secrets: { files: { storage: /etc/anchord/storage.env } }
overrides:
  remotes: { far: { type: alias, remote: $4/far } }
END`,
    process.execPath,
    MAIN,
    PASSWORD,
    shared,
  );
}
