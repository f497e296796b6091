import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

// A daemon of a few lines, in the place of the real one.
const SAYS_ITS_ARGUMENTS = `export {};
console.log(JSON.stringify(process.argv.slice(2)));
process.exitCode = 3;
`;
const WAITS_FOR_A_SIGNAL = `export {};
const waiting = setInterval(() => {}, 60_000);
let count = 0;
process.on('SIGINT', () => {
  count += 1;
  console.log('asked to end ' + String(count));
  clearInterval(waiting);
});
console.log('ready');
`;

test('builds what is missing, then runs the command with its arguments and ends with its status', async () => {
  await using repo = await repository(SAYS_ITS_ARGUMENTS);

  const ended = await start(repo.folder, ['status', '--json', 'two words']).ended;

  assert.deepEqual(ended, { code: 3, stdout: '["status","--json","two words"]\n', stderr: '' });
});

test('builds again when a source changed', async () => {
  await using repo = await repository(SAYS_ITS_ARGUMENTS);
  await start(repo.folder, []).ended;

  await repo.writeMain('export {};\nconsole.log("new");\n');
  const ended = await start(repo.folder, []).ended;

  assert.deepEqual(ended, { code: 0, stdout: 'new\n', stderr: '' });
});

test('says what the compiler said when the sources are wrong, and runs nothing', async () => {
  await using repo = await repository('export const text: string = 1;\n');

  const ended = await start(repo.folder, []).ended;

  assert.equal(ended.code, 1);
  assert.equal(ended.stdout, '');
  assert.match(ended.stderr, /daemon\/main\.ts\(1,14\): error TS2322/);
  assert.match(ended.stderr, /the build failed/);
});

test('starts two at once while nothing is built', async () => {
  await using repo = await repository(SAYS_ITS_ARGUMENTS);

  const ended = await Promise.all([start(repo.folder, ['a']).ended, start(repo.folder, ['b']).ended]);

  assert.deepEqual(
    ended.map(({ stdout, stderr }) => stdout + stderr),
    ['["a"]\n', '["b"]\n'],
  );
});

test('hands a signal to the command once, also when the whole process group gets it', async () => {
  await using repo = await repository(WAITS_FOR_A_SIGNAL);
  const started = start(repo.folder, []);
  await started.said('ready');

  process.kill(-started.pid, 'SIGINT');
  const ended = await started.ended;

  assert.deepEqual(ended, { code: 0, stdout: 'ready\nasked to end 1\n', stderr: '' });
});

interface Repository extends AsyncDisposable {
  readonly folder: string;
  readonly writeMain: (text: string) => Promise<void>;
}

async function repository(main: string): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-start-'));
  for (const name of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.base.json']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const project of ['state-schema', 'daemon']) {
    await mkdir(join(folder, project));
    await cp(join(root, project, 'tsconfig.json'), join(folder, project, 'tsconfig.json'));
  }
  await writeFile(join(folder, 'state-schema/words.ts'), 'export const words: readonly string[] = [];\n');
  async function writeMain(text: string): Promise<void> {
    await writeFile(join(folder, 'daemon/main.ts'), text);
  }
  await writeMain(main);
  return {
    folder,
    writeMain,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Started {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Resolves when the command has printed this. */
  readonly said: (text: string) => Promise<void>;
}

function start(folder: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], { cwd: folder, detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ended = new Promise<Awaited<Started['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  async function said(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => stdout.includes(text) && resolve());
      child.once('close', () => reject(new Error(`ended without saying ${text}: ${stderr}`)));
    });
  }
  return { pid: child.pid ?? 0, ended, said };
}
