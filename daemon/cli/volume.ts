import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
A volume is only touched while the disk at its mount point carries the sentinel
it was adopted with. Adopt each volume once, when the right disk is mounted.

Examples:
  anchord volume list
  anchord volume adopt flux
${exitCodeHelp([0, 1, 2, 5])}`;

const LIST_HELP = `
Examples:
  anchord volume list
  anchord volume list --json | jq '.[] | select(.guard == "failed").message'
${exitCodeHelp([0, 1, 2])}`;

const ADOPT_HELP = `
Writes the sentinel .anchord-volume at the top of the disk and remembers its id:
from now on this disk and no other is the volume.

Example:
  anchord volume adopt flux
${exitCodeHelp([0, 1, 2, 5])}`;

interface ListOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `anchord volume list|adopt`. */
export function volumeCommand(io: CliIo): Command {
  const volume = new Command('volume').description('see and adopt volumes').addHelpText('after', HELP);
  for (const command of [listCommand, adoptCommand]) volume.addCommand(command(io));
  return volume;
}

function listCommand(io: CliIo): Command {
  return withTarget(new Command('list'))
    .description('every declared volume and what its guard says')
    .option('--json', 'the same for machines')
    .addHelpText('after', LIST_HELP)
    .action((options: ListOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const { volumes } = (await control.status()).status;
        const rows = volumes.map(({ name, mount, guard, message }) => [name, mount, guard, message]);
        const lines = columns(rows).map((line) => `${line}\n`);
        io.stdout(options.json === true ? `${JSON.stringify(volumes, null, 2)}\n` : lines.join(''));
        return exitCodes.done;
      }),
    );
}

function adoptCommand(io: CliIo): Command {
  return withTarget(new Command('adopt'))
    .description('mark the disk that is now at the mount point as this volume')
    .argument('<name>', 'the name it is declared with')
    .addHelpText('after', ADOPT_HELP)
    .action((name: string, options: TargetOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.adoptVolume(name);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        io.stdout(`adopted ${name}\n`);
        return exitCodes.done;
      }),
    );
}
