import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { GitRig } from './git-rig.ts';
import { HttpGitServer, type HttpFault } from './http-git-server.ts';
import { processesThatName } from './processes.ts';
import { soon } from '../rig/soon.ts';

const PASSWORD = 'corréct horse\'s "battery" $taple%40';

test('a poll that finds nothing asks for refs and transfers no objects', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  await using server = await HttpGitServer.start(rig.dir);
  const repo = await rig.openState(server.url('up.git'));
  await repo.fetch({ revision: await repo.tip() });
  server.requests.length = 0;

  assert.equal(await repo.tip(), tip);
  assert.equal(await repo.fetch({ revision: tip, trusted: tip }), tip);

  assert.deepEqual(
    server.requests.map(({ method, command }) => [method, command]),
    [
      ['GET', ''],
      ['POST', 'ls-refs'],
    ],
  );
});

test('signs in with a password from its file, whatever characters it and the user name have', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  const username = 'ann a@ho"me!';
  await using server = await HttpGitServer.start(rig.dir, `${username}:${PASSWORD}`);
  const passwordFile = await rig.write('secrets/with space', `${PASSWORD}\n`, 0o600);
  const repo = await rig.openState(server.url('up.git'), { credentials: { username, passwordFile } });

  assert.equal(await repo.tip(), tip);
  assert.equal(await repo.fetch(), tip);
  assert.equal((await repo.readState(tip, 'motoko')).length, 1);
});

test('a password file without a line end works too', async () => {
  await using rig = await GitRig.make();
  const tip = await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  await using server = await HttpGitServer.start(rig.dir, 'anchord:secret');
  const passwordFile = await rig.write('password', 'secret', 0o600);
  const repo = await rig.openState(server.url('up.git'), { credentials: { passwordFile } });

  assert.equal(await repo.tip(), tip);
});

test('no credentials, wrong ones, a missing password file and a forbidden repository are the same kind of fault', async () => {
  await using rig = await GitRig.make();
  await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  await using server = await HttpGitServer.start(rig.dir, `anchord:${PASSWORD}`);
  const url = server.url('up.git');
  const wrong = await rig.write('wrong', 'wr0ng-passw0rd\n', 0o600);
  const right = await rig.write('right', `${PASSWORD}\n`, 0o600);
  const expected = { name: 'Stalled', reason: 'AuthenticationFailed', next: /passwordFile/ };

  await assert.rejects((await rig.openState(url)).tip(), expected);
  const refused = await rig.openState(url, { credentials: { passwordFile: wrong } });
  await assert.rejects(refused.tip(), (error: Error) => {
    assert.match(error.message, /Authentication failed/);
    assert.doesNotMatch(JSON.stringify(error) + error.message, /wr0ng/);
    return true;
  });
  const missing = await rig.openState(url, { credentials: { passwordFile: rig.path('nowhere') } });
  await assert.rejects(missing.tip(), { ...expected, message: /nowhere/ });
  server.fault = { kind: 'status', status: 403 };
  const forbidden = await rig.openState(url, { credentials: { passwordFile: right } });
  await assert.rejects(forbidden.tip(), { ...expected, message: /403/ });
});

test('an address with credentials in it is refused and not repeated', async () => {
  await using rig = await GitRig.make();

  await assert.rejects(rig.openState('https://anna:s3cr3t@example.org/state.git'), (error: Error) => {
    assert.equal(error.name, 'Stalled');
    assert.match(error.message, /"https:\/\/example\.org\/state\.git" has a user name or password in it/);
    assert.doesNotMatch(error.message, /s3cr3t|anna/);
    return true;
  });
});

test('a redirect to another host gets no credentials', async () => {
  await using rig = await GitRig.make();
  await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  await using server = await HttpGitServer.start(rig.dir, 'anchord:secret');
  await using thief = await HttpGitServer.start(rig.dir, 'anchord:secret');
  server.fault = { kind: 'redirect', to: thief.url('').replace(/\/$/, '') };
  const passwordFile = await rig.write('password', 'secret', 0o600);
  const repo = await rig.openState(server.url('up.git'), { credentials: { passwordFile } });

  await assert.rejects(repo.tip(), { reason: 'FetchFailed' });

  assert.ok(server.requests.some((request) => request.isAuthorized));
  assert.equal(thief.requests.filter((request) => request.hasCredentials).length, 0);
});

const TRANSFER_FAULTS: readonly HttpFault[] = [
  { kind: 'cut' },
  { kind: 'early-end' },
  { kind: 'flip' },
  { kind: 'stall' },
  { kind: 'status', status: 500 },
];

for (const fault of TRANSFER_FAULTS) {
  test(`a transfer that suffers ${fault.kind} changes nothing, and the next one succeeds`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    const before = await rig.commit(upstream, { 'common/a': '1' });
    await using server = await HttpGitServer.start(rig.dir);
    const repo = await rig.openState(server.url('up.git'), { limits: { stallSeconds: 1 } });
    await repo.fetch();
    const after = await rig.commit(upstream, { 'common/a': 'two\n'.repeat(500), 'common/b': 'three' });
    server.fault = fault;
    server.faultOn = 'fetch';

    await assert.rejects(repo.fetch({ revision: after }), { name: 'Transient', reason: 'FetchFailed' });
    const mirror = rig.path('state/mirror.git');
    assert.equal(await rig.git(['--git-dir', mirror, 'rev-parse', 'refs/anchord/fetched']), before);
    assert.equal(await rig.git(['--git-dir', mirror, 'fsck', '--no-dangling', '--no-progress']), '');
    assert.equal(
      (await readdir(`${mirror}/objects/pack`)).filter((name) => name.startsWith('tmp_')).length,
      0,
    );
    server.fault = undefined;

    assert.equal(await repo.fetch({ revision: after }), after);
    assert.deepEqual(rig.events, []);
  });
}

test('a remote that is down is a fault that names the address and passes by itself', async () => {
  await using rig = await GitRig.make();
  const server = await HttpGitServer.start(rig.dir);
  const url = server.url('up.git');
  await server[Symbol.asyncDispose]();
  const repo = await rig.openState(url);

  await assert.rejects(repo.tip(), (error: Error) => {
    assert.equal(error.name, 'Transient');
    assert.ok(error.message.includes(url), error.message);
    assert.match(error.message, /Failed to connect|Couldn't connect/);
    return true;
  });
});

test('a transfer that takes too long is stopped, with everything it started', async () => {
  await using rig = await GitRig.make();
  await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  await using server = await HttpGitServer.start(rig.dir);
  server.fault = { kind: 'stall' };
  const repo = await rig.openState(server.url('up.git'), { limits: { remoteMs: 300 } });

  await assert.rejects(repo.tip(), {
    name: 'Transient',
    reason: 'FetchFailed',
    message: /did not end in time/,
  });

  const url = server.url('up.git');
  await soon(async () => (await processesThatName(url)).length === 0, 'all that it started has ended');
});

test('the password is in no argument and no environment of a process while a transfer runs', async () => {
  await using rig = await GitRig.make();
  await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  const password = 'p4ssw0rd-that-must-not-show';
  await using server = await HttpGitServer.start(rig.dir, `anchord:${password}`);
  const passwordFile = await rig.write('password', password, 0o600);
  const repo = await rig.openState(server.url('up.git'), { credentials: { passwordFile } });
  server.fault = { kind: 'stall' };
  server.faultOn = 'fetch';
  const stalled = server.stalled();
  const stop = new AbortController();
  const fetching = assert.rejects(repo.fetch({ signal: stop.signal }), { message: 'enough' });
  await stalled;

  const running = await processesThatName(server.url('up.git'));
  assert.ok(
    running.some((process) => process.includes('remote-http')),
    running.join('\n'),
  );
  for (const process of running) assert.ok(!process.includes(password), process);
  stop.abort(new Error('enough'));
  await fetching;
});
