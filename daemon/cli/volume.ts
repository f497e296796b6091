import { Command } from 'commander';
import type { VolumeStatus } from '../../state-schema/generated/status.ts';
import { bytesWords } from '../bytes-words.ts';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { visibleText } from '../page/visible-text.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
A volume is only touched while the disk at its mount point carries the sentinel
it was adopted with. Adopt each volume once, when the right disk is mounted.

Examples:
  anchord volume list
  anchord volume adopt flux
${exitCodeHelp([0, 1, 2, 5])}`;

const LIST_HELP = `
Looks at every disk now. The guard is passed; full, when less than minFree is
free: then nothing new is written there; or failed: then the volume is not
touched, and its last column says why and what to do. Volumes on one physical
disk fail together.

Examples:
  anchord volume list
  anchord volume list --json | jq '.[] | select(.guard == "failed").message'
${exitCodeHelp([0, 1, 2])}`;

const ADOPT_HELP = `
Writes the sentinel .anchord-volume at the top of the disk, and remembers its id
and the UUID of the file system: from now on this disk and no other is the
volume. Refused while anything else is wrong with the disk, and for a disk that
says it is another volume or another host's. Adopt again after you have
replaced the disk, or made a new file system on it.

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
        const volumes = await control.volumes();
        io.stdout(options.json === true ? `${JSON.stringify(volumes, null, 2)}\n` : table(volumes));
        return exitCodes.done;
      }),
    );
}

function table(volumes: readonly VolumeStatus[]): string {
  if (volumes.length === 0) return 'no volume is declared\n';
  const head = ['volume', 'mount', 'guard', 'device', 'disk', 'size', 'free', 'why'];
  return columns([head, ...volumes.map(row)])
    .map((line) => `${line}\n`)
    .join('');
}

function row(volume: VolumeStatus): readonly string[] {
  const { name, mount, guard, device = '-', disk = '-', sizeBytes, freeBytes, message } = volume;
  const [size, free] = [sizeBytes, freeBytes].map((bytes) => (bytes === undefined ? '-' : bytesWords(bytes)));
  return [name, mount, guard, device, disk, size ?? '-', free ?? '-', guard === 'passed' ? '' : message];
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
        const { mount, device = 'a folder', disk, guard, message } = answer.volume;
        const where = disk === undefined ? device : `${device} on ${disk}`;
        io.stdout(`adopted ${name}: ${visibleText(where)}, at ${mount}\n`);
        if (guard !== 'passed') io.stderr(`${visibleText(message)}\n`);
        return exitCodes.done;
      }),
    );
}
