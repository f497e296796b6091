import type { PlanCandidate } from '../control/control.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodes } from './exit-codes.ts';
import { stateFolderFault } from './state-folder.ts';
import { validateDirectory } from './validate-directory.ts';
import { reportValidations } from './validate-report.ts';
import type { Reached } from './with-control.ts';

/** Reads and checks a folder that plays the state repo; what is wrong with it is told, and the exit code comes back. */
export async function readCandidate(
  dir: string,
  about: {
    readonly io: CliIo;
    readonly options: { readonly host?: string };
    readonly reached: Pick<Reached, 'settings'>;
  },
): Promise<PlanCandidate | number> {
  const { io, options, reached } = about;
  const host = options.host ?? reached.settings.host;
  const fault = await stateFolderFault(dir);
  if (fault !== undefined) {
    io.stderr(fault);
    return exitCodes.usage;
  }
  const [validation] = await validateDirectory({ dir, host, allow: reached.settings.allow });
  if (validation === undefined) return exitCodes.invalid;
  if (validation.result.ok) return { of: dir, state: validation.result.state };
  io.stderr(reportValidations([validation], { format: 'text', prefix: '' }));
  return exitCodes.invalid;
}
