import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { HostState } from '../../state-schema/host-state.ts';
import type { DemoPaths } from '../demo/demo-settings.ts';
import { Stalled } from '../errors.ts';
import type { Host } from '../host.ts';
import { shellWord } from '../shell-word.ts';
import { isListen, parseListen } from '../settings/host-settings.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { validateDirectory } from './validate-directory.ts';
import type { CliIo } from './cli-io.ts';
import { demoWelcome } from './demo-welcome.ts';
import { LOG_FORMS, logEvents, type LogForm } from './event-log.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { stopSignal } from './stop-signal.ts';
import { DEMO_FOLDER } from './target.ts';
import { codeOf } from './with-control.ts';

const DEFAULT_LISTEN = '127.0.0.1:8420';

const HELP = `
Makes DIR with a repository to push to, a folder that plays the host, and
folders that play the cloud, and runs the daemon on them until SIGINT. Needs no
root and touches nothing else. A second start goes on where it was.

Examples:
  anchord demo
  anchord demo --dir /tmp/motoko --listen 127.0.0.1:9000
${exitCodeHelp([0, 1, 2])}`;

interface DemoOptions {
  readonly dir: string;
  readonly listen?: string;
  readonly log: LogForm;
}

/** `anchord demo`: everything in a folder. */
export function demoCommand(io: CliIo): Command {
  return new Command('demo')
    .description('everything in a folder, no root: upstream repo, host, fake cloud, page')
    .option('--dir <dir>', 'the folder', DEMO_FOLDER)
    .option('--listen <address>', `address and port of the page (default: ${DEFAULT_LISTEN})`, listenAddress)
    .addOption(new Option('--log <form>', 'how to log').choices([...LOG_FORMS]).default('text'))
    .addHelpText('after', HELP)
    .action(async (options: DemoOptions) => io.exit(await codeOf(io, () => demo(io, options))));
}

function listenAddress(text: string): string {
  if (isListen(text)) return text;
  throw new InvalidArgumentError('ADDR:PORT is expected, such as 127.0.0.1:9000.');
}

async function demo(io: CliIo, options: DemoOptions): Promise<number> {
  // Only here: no other command need wait until all of the daemon is loaded.
  const { openHost } = await import('../host.ts');
  const { runDaemon } = await import('../daemon.ts');
  const { EXAMPLE, makeDemo } = await import('../demo/make-demo.ts');
  const { adoptNewVolumes } = await import('../demo/set-up-host.ts');
  using stop = stopSignal();
  const runtimeDir = io.env['XDG_RUNTIME_DIR'];
  const environment = {
    path: io.env['PATH'] ?? '',
    acceptsFirstRemovals: true,
    ...(runtimeDir === undefined ? {} : { runtimeDir }),
  };
  const dir = resolve(options.dir);
  const state = await exampleState(EXAMPLE);
  const listen = options.listen ?? DEFAULT_LISTEN;
  const { paths, made } = await makeDemo({ dir, listen, state, path: environment.path });
  const kept = await loadSettings(paths.settings);
  await refuseMoved(paths, kept.root);
  const settings = options.listen === undefined ? kept : { ...kept, listen: parseListen(options.listen) };
  await using host = await openHost(settings, environment);
  const log = logEvents(io, options.log);
  host.hub.listen((event) => {
    if (event.kind !== 'daemon.listening' || options.log === 'json') return log(event);
    const where = { dir: relative(process.cwd(), dir) || '.', url: event.url, host: settings.host };
    io.stdout(demoWelcome({ ...where, isNew: made }));
  });
  await adoptNewVolumes(host, state.volumes);
  await runDaemon(host, { signal: stop.signal, afterRound: (inForce, look) => setUp(host, inForce, look) });
  return exitCodes.done;
}

/** Its settings name every folder whole: they would lead back to where it was made. */
async function refuseMoved(paths: DemoPaths, root: string): Promise<void> {
  const [here, there] = await Promise.all(
    [paths.root, root].map((path) => stat(path).catch(() => undefined)),
  );
  if (here !== undefined && here.dev === there?.dev && here.ino === there.ino) return;
  throw new Stalled({
    reason: 'NotPermitted',
    message: `the demo in ${paths.dir} was made somewhere else: its host is at ${root}`,
    next: `move it back there, or begin anew: rm -rf ${shellWord(paths.dir)}`,
  });
}

async function setUp(host: Host, state: HostState, look: () => void): Promise<void> {
  const { adoptNewVolumes, startNewCopies, startNewProofs } = await import('../demo/set-up-host.ts');
  if (await adoptNewVolumes(host, state.volumes)) look();
  await startNewCopies(host, state);
  await startNewProofs(host, state);
}

async function exampleState(dir: string): Promise<HostState> {
  const [first] = await validateDirectory({ dir });
  if (first?.result.ok === true) return first.result.state;
  throw new Stalled({
    reason: 'RevisionInvalid',
    message: `the example ${dir} is not valid`,
    next: 'install anchord anew',
  });
}
