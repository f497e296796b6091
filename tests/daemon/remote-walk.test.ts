import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import { Authority } from '../git/authority.ts';
import { HttpGitServer } from '../git/http-git-server.ts';
import { processesThatHold } from '../git/processes.ts';
import { SshGitServer } from '../git/ssh-git-server.ts';
import { PATIENCE_MS } from '../rig/patience.ts';
import { HostRig } from '../rig/host-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

const TOKEN = 'tok_5ecret_that_must_not_show';

/** A way to the upstream, and how a person pushes the same way. */
interface Way {
  readonly repository: Pick<HostSettingsFile['repository'], 'url' | 'credentials'>;
  /** Options of the person's git. */
  readonly git: readonly string[];
  readonly pushUrl: string;
  /** What must be nowhere but in its own file. */
  readonly secrets: readonly string[];
  readonly server?: AsyncDisposable;
}

const WAYS: Readonly<Record<string, (rig: HostRig) => Promise<Way>>> = {
  'a folder of this machine': (rig) =>
    Promise.resolve({ repository: { url: rig.upstream }, git: [], pushUrl: rig.upstream, secrets: [] }),
  'http with a password': overHttp,
  'https with a token and an authority of its own': overHttps,
  'ssh with a deploy key': overSsh,
};

for (const [name, pave] of Object.entries(WAYS)) {
  test(`over ${name} a push becomes so and is told of on the status branch, and no secret shows`, async () => {
    await using rig = HostRig.make();
    const way = await pave(rig);
    await using _server = way.server;
    rig.configure({ repository: { ...way.repository, branch: 'main', interval: '1s' } });
    await rig.run();
    await rig.adopt('data', 'vault');
    await rig.untilReady();

    const clone = rig.clone();
    const revision = clone.commit({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
    await push(clone, way);
    const seen = holdersOf(way.secrets);

    await rig.untilReady(revision);
    const status = await rig.untilPublished(({ source }) => source.applied === revision);
    assert.equal(status.source.url, way.repository.url);
    assert.ok(existsSync(join(rig.root, 'data/new')));
    assert.deepEqual(await seen, []);
    const said = [JSON.stringify(await rig.status()), JSON.stringify(rig.anchord.events), rig.anchord.stderr];
    for (const secret of way.secrets) {
      assert.deepEqual(filesWith(rig.state, secret), []);
      for (const text of said) assert.ok(!text.includes(secret));
      assert.throws(() => clone.git('grep', '--quiet', secret, 'origin/anchord-status/motoko'));
    }
  });
}

test('a server whose key changes stalls the daemon with the reason, the host goes on, and a mended list goes on too', async () => {
  await using rig = HostRig.make();
  const way = await overSsh(rig);
  await using server = way.server as SshGitServer;
  rig.configure({ repository: { ...way.repository, branch: 'main', interval: '1s' } });
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  const { applied } = (await rig.status()).source;

  const fingerprint = server.changeHostKey();

  const stalled = await rig.untilCondition('Stalled', 'True', 'HostKeyChanged');
  assert.ok(stalled.conditions.some(({ message }) => message.includes(fingerprint)));
  assert.equal(stalled.source.applied, applied);
  // The rounds go on and make the host match; that they go well does not take back what a person must see to.
  const from = rig.anchord.now();
  await rig.nextRound();
  await rig.nextRound();
  const flips = rig.anchord.events
    .slice(from.seen)
    .filter((event) => event.kind === 'condition.changed' && event.condition.type === 'Stalled');
  assert.deepEqual(flips, []);
  assert.equal((await rig.condition('Stalled'))?.reason, 'HostKeyChanged');
  server.knownHosts();
  const revision = rig.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
  await rig.untilReady(revision);
  await rig.untilCondition('Stalled', 'False');
});

/** Not in this thread: the servers are in it. */
async function push(clone: StateClone, { git, pushUrl }: Way): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
  const args = [...git, 'push', '--quiet', pushUrl, 'HEAD:main'];
  await promisify(execFile)('git', args, { cwd: clone.dir, env, timeout: PATIENCE_MS });
}

async function overHttp(rig: HostRig): Promise<Way> {
  const server = await HttpGitServer.start(join(rig.temp, 'git'), `motoko:${TOKEN}`);
  const url = server.url('upstream.git');
  const credentials = { username: 'motoko', passwordFile: secretFile(rig, TOKEN) };
  const pushUrl = url.replace('://', `://motoko:${TOKEN}@`);
  return { repository: { url, credentials }, git: [], pushUrl, secrets: forms(TOKEN), server };
}

async function overHttps(rig: HostRig): Promise<Way> {
  const authority = Authority.make(join(rig.temp, 'authority'));
  const server = await HttpGitServer.start(join(rig.temp, 'git'), `anchord:${TOKEN}`, authority.issue());
  const url = server.url('upstream.git');
  return {
    repository: { url, credentials: { passwordFile: secretFile(rig, TOKEN), caFile: authority.caFile } },
    git: ['-c', `http.sslCAInfo=${authority.caFile}`],
    pushUrl: url.replace('://', `://anchord:${TOKEN}@`),
    secrets: forms(TOKEN),
    server,
  };
}

async function overSsh(rig: HostRig): Promise<Way> {
  const server = await SshGitServer.start(join(rig.temp, 'sshd'));
  const url = server.url(rig.upstream);
  const [keyFile, knownHostsFile] = [server.deployKey('deploy'), server.knownHosts()];
  const ssh = `ssh -F none -i ${server.deployKey('person')} -o UserKnownHostsFile=${knownHostsFile}`;
  const secrets = readFileSync(keyFile, 'utf8').split('\n').slice(1, 3);
  return {
    repository: { url, credentials: { keyFile, knownHostsFile } },
    git: ['-c', `core.sshCommand=${ssh}`],
    pushUrl: url,
    secrets,
    server,
  };
}

function secretFile(rig: HostRig, secret: string): string {
  const file = join(rig.temp, 'token');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return file;
}

/** A password, and what it looks like in a header of http. */
function forms(password: string): readonly string[] {
  const header = ['motoko', 'anchord'].map((user) => Buffer.from(`${user}:${password}`).toString('base64'));
  return [password, ...header];
}

/** Looks again and again, while the daemon works, for a process that shows a secret; ends with the first look after 50. */
async function holdersOf(secrets: readonly string[]): Promise<readonly string[]> {
  for (let look = 0; look < 50 && secrets.length > 0; look += 1) {
    const found = await processesThatHold(secrets);
    if (found.length > 0) return found;
  }
  return [];
}

function filesWith(folder: string, secret: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    .filter((file) => readFileSync(file).includes(secret));
}
