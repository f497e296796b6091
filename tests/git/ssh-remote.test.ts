import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFile, chmod, chown, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Stalled } from '../../daemon/errors.ts';
import { asRoot } from '../files/privileges.ts';
import { GitRig } from './git-rig.ts';
import { processesThatName } from './processes.ts';
import { SshGitServer } from './ssh-git-server.ts';
import { statusOf } from './status-of.ts';
import { soon } from '../rig/soon.ts';

interface SshRig extends AsyncDisposable {
  readonly rig: GitRig;
  readonly server: SshGitServer;
  readonly url: string;
  readonly tip: string;
  readonly credentials: { readonly keyFile: string; readonly knownHostsFile: string };
}

/** A repository behind sshd, and a host that may use it. */
async function sshRig(): Promise<SshRig> {
  const rig = await GitRig.make();
  const upstream = await rig.init('with space.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  const server = await SshGitServer.start(rig.path('sshd'));
  const credentials = { keyFile: server.deployKey('deploy key'), knownHostsFile: server.knownHosts() };
  return {
    rig,
    server,
    url: server.url(upstream),
    tip,
    credentials,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

async function faultOf(running: Promise<unknown>): Promise<Stalled> {
  const error = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Stalled, String(error));
  return error;
}

test('fetches and publishes over ssh with a deploy key and a known server', async () => {
  await using ssh = await sshRig();
  const { rig, url, tip, credentials } = ssh;
  const repo = await rig.openState(url, { credentials });

  assert.equal(await repo.tip(), tip);
  assert.equal(await repo.fetch({ revision: tip }), tip);
  assert.equal((await repo.readState(tip, 'motoko')).length, 1);
  const branch = await rig.openStatus(url, 'status', { credentials });
  const { kind, commit } = await branch.publish(statusOf({ a: '1' }));

  assert.equal(kind, 'published');
  const upstream = rig.path('with space.git');
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', 'anchord-status/motoko']), commit);
});

test('a key that the server does not let in, and one with a passphrase, are a fault of the credentials', async () => {
  await using ssh = await sshRig();
  const { rig, server, url, credentials } = ssh;
  const stranger = server.deployKey('stranger', false);
  const locked = server.deployKey('locked');
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'passphrase', '-f', locked]);

  for (const keyFile of [stranger, locked]) {
    const repo = await rig.openState(url, { credentials: { ...credentials, keyFile } });
    const fault = await faultOf(repo.tip());
    assert.equal(fault.reason, 'AuthenticationFailed');
    assert.match(fault.message, /Permission denied \(publickey\)/);
    assert.match(fault.next ?? '', /keyFile/);
  }
});

test('only the configured key is offered: neither an agent nor a key in a home directory', async () => {
  await using ssh = await sshRig();
  const { rig, server, url, credentials } = ssh;
  const stranger = server.deployKey('stranger', false);
  const repo = await rig.openState(url, { credentials: { ...credentials, keyFile: stranger } });

  await assert.rejects(repo.tip(), { reason: 'AuthenticationFailed' });

  const offered = server.log.match(/Failed publickey/g) ?? [];
  assert.ok(offered.length <= 1, server.log);
  const settings = await readFile(rig.path('state/git/mirror/ssh_config'), 'utf8');
  assert.match(settings, /^IdentityAgent none$/m);
  assert.match(settings, /^IdentitiesOnly yes$/m);
});

test('a server whose key changed is not spoken to, and the known key is never replaced', async () => {
  await using ssh = await sshRig();
  const { rig, server, url, tip, credentials } = ssh;
  const repo = await rig.openState(url, { credentials });
  await repo.fetch();
  const known = await readFile(credentials.knownHostsFile, 'utf8');
  const fingerprint = server.changeHostKey();

  for (let again = 0; again < 2; again += 1) {
    const fault = await faultOf(repo.tip());
    assert.equal(fault.reason, 'HostKeyChanged');
    assert.ok(fault.message.includes(fingerprint), fault.message);
    assert.match(
      fault.next ?? '',
      /ssh_host_\*_key\.pub.*Only if it is there: ssh-keygen -R .* && ssh-keyscan/,
    );
  }
  const status = await rig.openStatus(url, 'status', { credentials });
  assert.equal((await faultOf(status.publish(statusOf({ a: '1' })))).reason, 'HostKeyChanged');
  assert.equal(await readFile(credentials.knownHostsFile, 'utf8'), known);

  await mend((await faultOf(repo.tip())).next ?? '');
  assert.equal(await repo.tip(), tip);
});

test('a server that nobody confirmed is not spoken to, and the commands that confirm it work', async () => {
  await using ssh = await sshRig();
  const { rig, url, tip, credentials } = ssh;
  await writeFile(credentials.knownHostsFile, '# nobody yet\n');
  const repo = await rig.openState(url, { credentials });

  const fault = await faultOf(repo.tip());

  assert.equal(fault.reason, 'HostKeyUnknown');
  assert.equal(await readFile(credentials.knownHostsFile, 'utf8'), '# nobody yet\n');
  await mend(fault.next ?? '');
  assert.equal(await repo.tip(), tip);
});

test('a revoked server key is a changed one', async () => {
  await using ssh = await sshRig();
  const { rig, url, credentials } = ssh;
  const known = await readFile(credentials.knownHostsFile, 'utf8');
  await writeFile(credentials.knownHostsFile, `@revoked ${known}`);
  const repo = await rig.openState(url, { credentials });

  assert.equal((await faultOf(repo.tip())).reason, 'HostKeyChanged');
});

test('files of credentials that others can read or write, or that are no files, are refused with the way out', async () => {
  await using ssh = await sshRig();
  const { rig, url, tip, credentials } = ssh;
  const repo = await rig.openState(url, { credentials });

  await chmod(credentials.keyFile, 0o640);
  const readable = await faultOf(repo.tip());
  assert.equal(readable.reason, 'SecretRefused');
  assert.match(readable.message, /others can read or write .*deploy key \(mode 0640\), the ssh key/);
  assert.match(readable.next ?? '', /^chmod 0600 '.*deploy key'/);
  await chmod(credentials.keyFile, 0o600);
  await chmod(credentials.knownHostsFile, 0o666);
  const writable = await faultOf(repo.tip());
  assert.match(writable.message, /others can write .*known_hosts \(mode 0666\)/);
  await chmod(credentials.knownHostsFile, 0o644);
  const home = rig.path('state/git/other');
  const folder = await rig.openState(url, { home, credentials: { ...credentials, keyFile: rig.dir } });
  assert.match((await faultOf(folder.tip())).message, /is no regular file/);
  const missing = await rig.openState(url, {
    home,
    credentials: { ...credentials, keyFile: rig.path('no') },
  });
  assert.match((await faultOf(missing.tip())).next ?? '', /correct keyFile in the host settings/);

  assert.equal(await repo.tip(), tip);
});

test('a key that belongs to another user is refused: they can change it', asRoot, async () => {
  await using ssh = await sshRig();
  const { rig, url, credentials } = ssh;
  await chown(credentials.keyFile, 12_345, 12_345);
  const repo = await rig.openState(url, { credentials });

  const fault = await faultOf(repo.tip());

  assert.equal(fault.reason, 'SecretRefused');
  assert.match(fault.message, /belongs to user 12345/);
});

test('a server that is away is no fault of a person, and answers again when it is back', async () => {
  await using ssh = await sshRig();
  const { rig, server, url, credentials } = ssh;
  await server.stop();
  const repo = await rig.openState(url, { credentials });
  const branch = await rig.openStatus(url, 'status', { credentials });

  await assert.rejects(repo.tip(), {
    name: 'Transient',
    reason: 'FetchFailed',
    message: /Connection refused/,
  });
  await assert.rejects(branch.publish(statusOf({ a: '1' })), { name: 'Transient', reason: 'Offline' });
});

test('a repository that is not on the server is told from a server that is away', async () => {
  await using ssh = await sshRig();
  const { rig, server, credentials } = ssh;
  const repo = await rig.openState(server.url(rig.path('nowhere.git')), { credentials });

  await assert.rejects(repo.tip(), {
    name: 'Transient',
    message: /does not appear to be a git repository/,
    next: /repository\.url/,
  });
});

test('a stalled ssh transfer is stopped with everything it started, and shows no key', async () => {
  await using ssh = await sshRig();
  const { rig, server, url, credentials } = ssh;
  const key = (await readFile(credentials.keyFile, 'utf8')).split('\n')[1] ?? '';
  const repo = await rig.openState(url, { credentials });
  server.stallAfter = 3_000;
  const stalled = server.stalled();
  const stop = new AbortController();
  const fetching = assert.rejects(repo.fetch({ signal: stop.signal }), { message: 'enough' });
  await stalled;

  const running = await processesThatName(`-p\0${server.port}`);
  assert.ok(
    running.some((process) => process.startsWith('ssh -F')),
    running.join('\n'),
  );
  for (const process of running) assert.ok(!process.includes(key), process);
  stop.abort(new Error('enough'));
  await fetching;
  await soon(
    async () => (await processesThatName(`-p\0${server.port}`)).length === 0,
    'all that it started has ended',
  );
});

test('what a configuration of the system or of a user says of ssh is not read', async () => {
  await using ssh = await sshRig();
  const { rig, url, tip, credentials } = ssh;
  await appendFile(
    await rig.write('state/git/mirror/home/.ssh/config', ''),
    'Host *\n  ProxyCommand false\n  Port 1\n',
  );
  const repo = await rig.openState(url, { credentials });

  assert.equal(await repo.tip(), tip);
});

/** Does what a fault says, as a person who copies the commands; the look at the server's own key is theirs. */
async function mend(next: string): Promise<void> {
  const commands = next.match(/ssh-keygen -R [^&]+&& ssh-keyscan.*$|ssh-keyscan [^,]+/)?.[0] ?? 'false';
  await promisify(execFile)('sh', ['-c', commands]);
}
