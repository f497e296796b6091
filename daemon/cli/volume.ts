import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
A volume is only touched while the disk at its mount point carries the sentinel it was adopted with. Adopt each volume
once, when the right disk is mounted.

Examples:
  anchord volume list
  anchord volume adopt flux
${exitCodeHelp([0, 1, 2, 5])}`;

/** `anchord volume list|adopt`. */
export function volumeCommand(io: CliIo): Command {
  const volume = new Command('volume').description('see and adopt volumes').addHelpText('after', HELP);
  volume.addCommand(
    withTarget(new Command('list'))
      .description('every declared volume and what its guard says')
      .option('--json', 'the same for machines')
      .addHelpText('after', HELP)
      .action((options: TargetOptions & { readonly json?: boolean }) =>
        withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
          const { volumes } = (await control.status()).status;
          if (options.json === true) io.stdout(`${JSON.stringify(volumes, null, 2)}\n`);
          else
            io.stdout(
              columns(volumes.map((one) => [one.name, one.mount, one.guard, one.message]))
                .map(
                  (line) => `${line}
`,
                )
                .join(''),
            );
          return exitCodes.done;
        }),
      ),
  );
  volume.addCommand(
    withTarget(new Command('adopt'))
      .description('mark the disk that is now at the mount point as this volume')
      .argument('<name>', 'the name it is declared with')
      .addHelpText('after', HELP)
      .action((name: string, options: TargetOptions) =>
        withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
          const answer = await control.adoptVolume(name);
          if (answer.kind === 'refused') return refuseWith(io, answer);
          io.stdout(`adopted ${name}\n`);
          return exitCodes.done;
        }),
      ),
  );
  return volume;
}
