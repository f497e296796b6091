import { Command } from 'commander';
import { readEventLines, type ReadingEnd } from '../control/read-event-lines.ts';
import type { SkippedEvents } from '../control/stream-event-lines.ts';
import type { ToldEvent } from '../recent-events.ts';
import { socketPath } from '../settings/state-paths.ts';
import type { CliIo } from './cli-io.ts';
import { eventWords } from './event-words.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { paint } from './paint.ts';
import { stopSignal } from './stop-signal.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { tell, withControl } from './with-control.ts';

const HELP = `
Tells what the daemon did lately, and with --follow goes on until Ctrl-C or
until the daemon stops. --json has also what only machines want to know, one
object a line. Who reads too slowly is told how many events were left out.

Examples:
  anchord events
  anchord events --follow
  anchord events --follow --json | jq -c 'select(.event.kind == "run.ended")'
${exitCodeHelp([0, 1, 2, 6])}`;

interface EventsOptions extends TargetOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `anchord events`: what happens now. */
export function eventsCommand(io: CliIo): Command {
  return withTarget(new Command('events'))
    .description('what happens now: the last events, and with --follow each new one')
    .option('-f, --follow', 'go on until Ctrl-C or until the daemon stops')
    .option('--json', 'one JSON object a line: at, event')
    .addHelpText('after', HELP)
    .action((options: EventsOptions) =>
      withControl(io, { target: options, alone: 'needs-daemon' }, async ({ settings }) => {
        using stop = stopSignal();
        const socket = socketPath(settings.stateDir, io.env['XDG_RUNTIME_DIR']);
        const reading = { follow: options.follow === true, signal: stop.signal };
        return codeOfEnd(io, await readEventLines(socket, reading, (line) => print(line, io, options)));
      }),
    );
}

function print(line: ToldEvent | SkippedEvents, io: CliIo, options: EventsOptions): void {
  const text = options.json === true ? JSON.stringify(line) : lineWords(line, io);
  if (text !== undefined) io.stdout(`${text}\n`);
}

function lineWords(line: ToldEvent | SkippedEvents, io: CliIo): string | undefined {
  if ('skipped' in line) return `${line.skipped} events were left out: this reader is too slow`;
  const words = eventWords(line.event);
  return words === undefined ? undefined : `${paint(line.at, 'dim', io)}  ${words}`;
}

function codeOfEnd(io: CliIo, end: ReadingEnd): number {
  if (end !== 'broken') return exitCodes.done;
  tell(io, { message: 'the connection to the daemon broke', next: 'see whether it runs: anchord status' });
  return exitCodes.unreachable;
}
