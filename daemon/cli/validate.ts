import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { escapeControls, quote } from '../../state-schema/quote.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { stateFolderFault } from './state-folder.ts';
import { validateDirectory, type HostValidation } from './validate-directory.ts';
import { REPORT_FORMATS, reportValidations, type ReportFormat } from './validate-report.ts';

const HELP = `
Reads the files as they are on disk, committed or not, and tells every problem
with its file, line and column. What the settings of the host allow is not known
here; the daemon checks that as well.

Examples:
  anchord validate .
  anchord validate ~/motoko-state --host motoko
  anchord validate . --format github    # in a workflow: annotations
  anchord validate . --format json | jq '.hosts[].problems[].message'
${exitCodeHelp([0, 1, 2, 4])}`;

interface ValidateOptions {
  readonly host?: string;
  readonly format: ReportFormat;
}

/** `anchord validate DIR`: checks a state repo on disk. Needs no daemon and changes nothing. */
export function validateCommand(io: CliIo): Command {
  return new Command('validate')
    .description('check a state repo')
    .argument('<dir>', 'the folder that holds hosts/')
    .option('--host <name>', 'only this host (default: all)')
    .addOption(new Option('--format <format>', 'how to tell').choices([...REPORT_FORMATS]).default('text'))
    .addHelpText('after', HELP)
    .action(async (dir: string, options: ValidateOptions) => io.exit(await validate(io, dir, options)));
}

async function validate(io: CliIo, dir: string, { host, format }: ValidateOptions): Promise<number> {
  const shown = quote(dir);
  const fault = await stateFolderFault(dir);
  if (fault !== undefined) {
    io.stderr(fault);
    return exitCodes.usage;
  }
  let validations: readonly HostValidation[];
  try {
    validations = await validateDirectory({ dir, ...(host === undefined ? {} : { host }) });
  } catch (error) {
    io.stderr(
      `${shown} could not be read: ${escapeControls(error instanceof Error ? error.message : String(error))}\n`,
    );
    return exitCodes.failed;
  }
  io.stdout(reportValidations(validations, { format, prefix: prefixOf(dir, io) }));
  if (validations.length === 0) {
    io.stderr(`${shown} describes no host: a state repo has hosts/<name>/*.yaml\n`);
    return exitCodes.invalid;
  }
  return validations.every(({ result }) => result.ok) ? exitCodes.done : exitCodes.invalid;
}

/** Annotations name files from the top of the checked-out repository, where the state repo may be a folder of. */
function prefixOf(dir: string, io: CliIo): string {
  const top = io.env['GITHUB_WORKSPACE'] ?? '.';
  const prefix = relative(resolve(top), resolve(dir));
  return prefix === '' || prefix.startsWith('..') ? '' : `${prefix}/`;
}
