import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validateDirectory } from '../../daemon/cli/validate-directory.ts';
import { validateCommand } from '../../daemon/cli/validate.ts';
import { SMALL_HOST } from '../state-schema/state-files.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MANY_FAULTS = `${ROOT}fixtures/state-repos/many-faults`;

interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function validate(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  let code: number | undefined;
  let stdout = '';
  let stderr = '';
  const command = validateCommand({
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    env,
    isTerminal: false,
    columns: 80,
    colour: false,
    exit: (status) => (code = status),
  });
  await command.parseAsync([...args], { from: 'user' });
  return { code, stdout, stderr };
}

async function inRepo(
  files: Readonly<Record<string, string>>,
  use: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'anchord-validate-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test('the example repo is valid', async () => {
  const ended = await validate([`${ROOT}example-state-repo`]);

  assert.deepEqual(ended, {
    code: 0,
    stdout: 'motoko: valid (3 volumes, 13 directories, 3 shares, 8 policies)\n',
    stderr: '',
  });
});

test('the example is valid on a host that allows its vault and its file, and on no other', async () => {
  const dir = `${ROOT}example-state-repo`;
  const secrets = {
    vaults: ['kv-miket-ops'],
    files: { 'storage-credentials': '/etc/miket/storage-credentials.env' },
  };

  const [allowed] = await validateDirectory({ dir, allow: { secrets } });
  const [refused] = await validateDirectory({ dir, allow: {} });

  assert.equal(allowed?.result.ok, true);
  assert.ok(
    refused?.result.ok === false && refused.result.problems.every(({ code }) => code === 'forbidden'),
  );
});

test('every fault of a broken repo is told, word for word', async () => {
  const ended = await validate([MANY_FAULTS]);

  assert.equal(ended.code, 4);
  assert.equal(ended.stdout, readFileSync(`${MANY_FAULTS}/expected.txt`, 'utf8'));
});

test('JSON holds the same problems for programs', async () => {
  const { code, stdout } = await validate([MANY_FAULTS, '--format', 'json']);

  const { hosts } = JSON.parse(stdout) as {
    hosts: { host: string; ok: boolean; problems: { line: number }[] }[];
  };
  assert.equal(code, 4);
  assert.deepEqual(
    hosts.map(({ host, ok }) => [host, ok]),
    [['nas', false]],
  );
  assert.ok((hosts[0]?.problems ?? []).every(({ line }) => line >= 1));
});

test('annotations are escaped as a workflow reads them, from the top of its checkout', async () => {
  await inRepo(
    { 'infra/hosts/nas/base.yaml': SMALL_HOST, 'infra/hosts/nas/a,b:c%.yaml': 'users: 100%\n' },
    async (dir) => {
      const ended = await validate([join(dir, 'infra'), '--format', 'github'], { GITHUB_WORKSPACE: dir });

      assert.equal(ended.code, 4);
      assert.match(
        ended.stdout,
        /^::error file=infra\/hosts\/nas\/a%2Cb%3Ac%25\.yaml,line=1,col=1::"hosts\/nas\/a,b:c%25\.yaml" is no state file/,
      );
      assert.equal(ended.stdout.split('\n').length, 2);
    },
  );
});

test('nothing in the repo reaches the terminal as more than text', async () => {
  const hostile = 'x\u001b]0;owned\u0007\n::error::\u202e\u009b1m';
  await inRepo(
    {
      'hosts/nas/base.yaml': SMALL_HOST,
      [`hosts/nas/${hostile}.yaml`]: '',
      'hosts/nas/b.yaml': `${JSON.stringify(hostile)}: 1\n`,
    },
    async (dir) => {
      for (const format of ['text', 'json', 'github']) {
        const { stdout } = await validate([dir, '--format', format]);

        assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u, format);
        assert.doesNotMatch(stdout, /^::error::/m, format);
      }
    },
  );
});

test('every host is checked, one of them on request, and a missing one is told', async () => {
  await inRepo(
    { 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/bad/x.yaml': 'nope: 1\n', 'hosts/README.md': '' },
    async (dir) => {
      const all = await validate([dir]);
      const one = await validate([dir, '--host', 'nas']);
      const none = await validate([dir, '--host', '../nas']);

      assert.equal(all.code, 4);
      assert.match(all.stdout, /^hosts\/bad\/x\.yaml:1:1: .*\nbad: 1 problem\nnas: valid/s);
      assert.equal(one.code, 0);
      assert.equal(none.code, 4);
    },
  );
});

test('symbolic links in a real clone are refused and never followed', async () => {
  await inRepo({ 'hosts/nas/base.yaml': SMALL_HOST, 'outside/secret.yaml': 'secrets: {}\n' }, async (dir) => {
    await symlink('../../outside/secret.yaml', join(dir, 'hosts/nas/link.yaml'));
    await symlink('../outside', join(dir, 'hosts/evil'));
    await symlink('outside', join(dir, 'common'));
    execFileSync('git', ['init', '-q', dir]);
    execFileSync('git', ['-C', dir, 'add', '-A']);

    const { code, stdout } = await validate([dir, '--host', 'nas']);
    const evil = await validate([dir, '--host', 'evil']);

    assert.equal(code, 4);
    assert.match(stdout, /^common:1:1: "common" is a symbolic link/m);
    assert.match(stdout, /^hosts\/nas\/link\.yaml:1:1: .* is a symbolic link/m);
    assert.match(evil.stdout, /^hosts\/evil:1:1: "hosts\/evil" is a symbolic link/m);
  });
});

test('a named pipe does not stop the reader', async () => {
  await inRepo({ 'hosts/nas/base.yaml': SMALL_HOST }, async (dir) => {
    execFileSync('mkfifo', [join(dir, 'hosts/nas/pipe.yaml')]);

    assert.equal((await validate([dir])).code, 4);
  });
});

test('a file of 10 MB is refused without being read', async () => {
  await inRepo(
    { 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/big.yaml': '#'.repeat(10_000_000) },
    async (dir) => {
      assert.match((await validate([dir])).stdout, /^hosts\/nas\/big\.yaml:1:1: .*10000000 bytes/m);
    },
  );
});

test('a folder that is missing is wrong usage, one without hosts is no state repo', async () => {
  await inRepo({ 'README.md': '' }, async (dir) => {
    const missing = await validate([join(dir, 'nope')]);
    const empty = await validate([dir]);

    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /is not there; name the folder/);
    assert.equal(empty.code, 4);
    assert.match(empty.stderr, /hosts\/<name>/);
  });
});
