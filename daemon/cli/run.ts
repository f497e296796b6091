import { Command, Option } from 'commander';
import { loadSettings } from '../settings/load-settings.ts';
import { serviceEnvironment } from '../systemd/service-environment.ts';
import type { CliIo } from './cli-io.ts';
import { LOG_FORMS, logEvents, type LogForm } from './event-log.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { stopSignal } from './stop-signal.ts';
import { settingsFile, type TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { codeOf } from './with-control.ts';

const HELP = `
Runs until SIGTERM or SIGINT. Each event is one line on standard output: words
on a terminal, else JSON.

Examples:
  anchord run
  anchord run --config /etc/anchord/anchord.yaml
${exitCodeHelp([0, 1, 2])}`;

/** `anchord run`: the daemon. */
export function runCommand(io: CliIo): Command {
  return withTarget(new Command('run'))
    .description('the daemon: make this host what the state repo says, and keep it so')
    .addOption(
      new Option('--log <form>', 'how to log')
        .choices([...LOG_FORMS])
        .default(io.isTerminal ? 'text' : 'json', 'text on a terminal, else json'),
    )
    .addHelpText('after', HELP)
    .action(async (options: TargetOptions & { readonly log: LogForm }) => {
      io.exit(
        await codeOf(io, async () => {
          const settings = await loadSettings(
            await settingsFile(options, { cwd: process.cwd(), uid: process.getuid?.() ?? 0 }),
          );
          const runtimeDir = io.env['XDG_RUNTIME_DIR'];
          const service = serviceEnvironment(io.env, process.pid);
          const credentialsDir = io.env['CREDENTIALS_DIRECTORY'];
          const environment = {
            path: io.env['PATH'] ?? '',
            ...(credentialsDir === undefined ? {} : { credentialsDir }),
            ...(runtimeDir === undefined ? {} : { runtimeDir }),
            ...(service === undefined ? {} : { service }),
          };
          // Only here: no other command need wait until all of the daemon is loaded.
          const { openHost } = await import('../host.ts');
          const { runDaemon } = await import('../daemon.ts');
          using stop = stopSignal();
          await using host = await openHost(settings, environment);
          host.hub.listen(logEvents(io, options.log));
          await runDaemon(host, { signal: stop.signal });
          return exitCodes.done;
        }),
      );
    });
}
