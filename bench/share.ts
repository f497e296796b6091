import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../daemon/clock.ts';
import { run } from '../daemon/process/run.ts';
import { sambaPlace, type SambaPlace } from '../daemon/samba/samba-place.ts';
import type { ShareWant } from '../daemon/samba/share-want.ts';
import { Shares } from '../daemon/samba/shares.ts';
import type { Bench, Measurement } from './bench.ts';
import { medianTime } from './time-it.ts';

const SHARES = 50;
const TIMES = 5;
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const MOST_OF_PROBES = 1.5;
const MOST_OF_TESTPARM = 3;

/** Changing one of many shares on a real smbd, against the programs that cannot be done without. */
export const shareBench: Bench = {
  name: 'share',
  goal: `changing one of ${SHARES} shares costs at most 1.5 × a bare testparm, reload and connection to each; looking at them when nothing changed at most 3 × a testparm`,
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  await using server = await startServer();
  const { place, shares } = server;
  let turn = 0;
  async function pass(change: number): Promise<void> {
    const view = await shares.observe({ wants: wants(change), down: new Set(), known: new Set(), marks: [] });
    const troubles = await shares.apply(view, new Set());
    if (troubles.size > 0) throw new Error(JSON.stringify([...troubles]));
  }
  await pass(turn);

  const changed = await medianTime(TIMES, () => pass(++turn));
  const unchanged = await medianTime(TIMES, () => pass(turn));
  const testparm = await medianTime(TIMES, () => bare('testparm', '--suppress-prompt', place.userConfig));
  const needed = await medianTime(TIMES, () => bareApply(server));
  return [
    {
      what: 'one changed',
      value: changed,
      unit: 'ms',
      baseline: 'testparm, reload-config and a connection to each',
      baselineValue: needed,
      ratio: changed / needed,
      ok: changed / needed <= MOST_OF_PROBES,
    },
    {
      what: 'nothing changed',
      value: unchanged,
      unit: 'ms',
      baseline: 'testparm',
      baselineValue: testparm,
      ratio: unchanged / testparm,
      ok: unchanged / testparm <= MOST_OF_TESTPARM,
    },
  ];
}

interface Server extends AsyncDisposable {
  readonly place: SambaPlace;
  readonly port: number;
  readonly shares: Shares;
}

/** A smbd of one's own on the loopback. Needs root and Samba. */
async function startServer(): Promise<Server> {
  const temp = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  const place = sambaPlace({ root: temp, stateDir: join(temp, 'state'), path: PATH, serves: true });
  const port = await freePort();
  for (const folder of ['etc/samba', 'state', 'run/nc']) await mkdir(join(temp, folder), { recursive: true });
  const folders = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory'];
  const lines = folders.map((name) => `${name} = ${temp}/run`);
  await writeFile(
    place.userConfig,
    `[global]\n${lines.join('\n')}\nncalrpc dir = ${temp}/run/nc\nlog file = ${temp}/log\nsmb ports = ${port}\ninterfaces = lo\nbind interfaces only = yes\n`,
  );
  const args = ['--foreground', '--no-process-group', '--configfile', place.userConfig];
  const smbd = spawn('smbd', args, { env: { PATH }, stdio: 'ignore', detached: true });
  while ((await control(place, 'ping')) !== 0) if (smbd.exitCode !== null) throw new Error('smbd ended');
  return {
    place,
    port,
    shares: new Shares(place, systemClock),
    async [Symbol.asyncDispose]() {
      smbd.kill();
      await once(smbd, 'exit');
      await rm(temp, { recursive: true, force: true });
    },
  };
}

function wants(change: number): readonly ShareWant[] {
  return Array.from({ length: SHARES }, (_, index) => ({
    id: `share:share-${index}`,
    name: `share-${index}`,
    path: `/srv/share-${index}`,
    volume: 'srv',
    // The first one changes hands each time.
    writers: [index === 0 ? `user-${change}` : 'games'],
    readers: ['news'],
    recycle: false,
    hidden: [],
  }));
}

/** The least that proves as much: the same number of connections at a time, by a shell. */
async function bareApply({ place, port }: Server): Promise<void> {
  await bare('testparm', '--suppress-prompt', place.userConfig);
  await control(place, 'reload-config');
  const one = `smbclient --configfile=/dev/null --no-pass --user=% --port=${port} //127.0.0.1/share-{} -c exit`;
  await bare('sh', '-c', `seq 0 ${SHARES - 1} | xargs -P 8 -I {} ${one} || true`);
}

async function control(place: SambaPlace, message: string): Promise<number | null> {
  const args = ['--configfile', place.userConfig, 'smbd', message];
  return (await run({ program: 'smbcontrol', args, env: { PATH } })).code;
}

async function bare(program: string, ...args: readonly string[]): Promise<void> {
  const { end } = await run({ program, args, env: { PATH } });
  if (end !== 'exited') throw new Error(`${program}: ${end}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
