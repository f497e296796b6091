import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { HostRig } from '../rig/host-rig.ts';
import { MAIN } from '../rig/main-file.ts';

test('the last events are told with their times, in words and as JSON', async () => {
  await using rig = await HostRig.start();

  const words = await rig.command('events');
  const json = await rig.command('events', '--json');

  assert.equal(words.code, 0, words.stderr);
  assert.match(words.stdout, /^\S+Z {2}anchord \S+ started for motoko\n/);
  assert.match(words.stdout, /\n\S+Z {2}accepted [0-9a-f]{10}\n/);
  const kinds = json.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: { kind: string } }).event.kind);
  assert.ok(kinds.includes('look.started') && kinds.includes('pass.ended'));
});

test('followers hear what happens and end well when the daemon stops', async () => {
  await using rig = await HostRig.start();
  const follower = follow(rig);
  await follower.until(/"daemon.started"/);

  const revision = rig.clone().push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/more: {}\n' });
  await follower.until(new RegExp(`"revision.trusted","revision":"${revision}"`));
  await rig.anchord.stop();

  assert.equal(await follower.code, 0);
});

test('a follower ends with 0 at Ctrl-C, and with 6 when the daemon is killed; without a daemon there is none', async () => {
  await using rig = await HostRig.start();
  const [first, second] = [follow(rig), follow(rig)];
  await Promise.all([first.until(/"daemon.started"/), second.until(/"daemon.started"/)]);

  first.child.kill('SIGINT');
  const codeOfFirst = await first.code;
  await rig.anchord.stop('SIGKILL');

  assert.deepEqual([codeOfFirst, await second.code], [0, 6]);
  assert.equal((await rig.command('events')).code, 6);
});

test('a reader that goes away ends the command without a word', async () => {
  await using rig = await HostRig.start();
  const child = spawn(
    'sh',
    ['-c', `"$0" "$@" | head -n 1`, process.execPath, MAIN, 'events', '--follow', '--config', rig.settings],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let isClosed = false;
  const closed = once(child, 'close').finally(() => (isClosed = true));
  // The command notices at its next word.
  while (!isClosed) await rig.command('policy', 'init', 'nightly');

  const [code] = (await closed) as [number];

  assert.deepEqual([code, errors], [0, '']);
});

interface Follower {
  readonly child: ChildProcess;
  readonly code: Promise<number | null>;
  /** Waits until a line says something. */
  until(what: RegExp): Promise<void>;
}

function follow(rig: HostRig): Follower {
  const child = spawn(process.execPath, [MAIN, 'events', '--follow', '--json', '--config', rig.settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  return {
    child,
    code: once(child, 'close').then(([code]) => code as number | null),
    until: (what) =>
      new Promise((resolve) => {
        function look(): void {
          if (!lines.some((line) => what.test(line))) return;
          waiting.delete(look);
          resolve();
        }
        waiting.add(look);
        look();
      }),
  };
}
