import { resolve } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { checkHost } from '../doctor/check-host.ts';
import type { Finding } from '../programs/check-programs.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { paint } from './paint.ts';
import { settingsFile, type TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { codeOf } from './with-control.ts';
import { rebuildState } from '../own-state/rebuild-state.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { statePaths } from '../settings/state-paths.ts';
import { visibleText } from '../page/visible-text.ts';

const HELP = `
Looks at programs and their versions, the host settings, the files they name and
the daemon. Asks no remote and changes nothing. With --notify the daemon sends a
test message to every target of notify: in the state repo. With --rebuild-from
it puts a restored anchord-state in the place of what this host remembers, which
is moved aside; no daemon may run. See docs/recovery.md.

Exits 1 when something is missing without which nothing works, or a test message
did not arrive.

Examples:
  anchord doctor
  anchord doctor --notify
  anchord doctor --config /etc/anchord/anchord.yaml --json
  anchord doctor --rebuild-from /tmp/anchord-state
${exitCodeHelp([0, 1, 2])}`;

interface DoctorOptions extends TargetOptions {
  readonly json?: boolean;
  readonly notify?: boolean;
  readonly rebuildFrom?: string;
}

/** `anchord doctor`: what is missing on this host, and the command that mends it. */
export function doctorCommand(io: CliIo): Command {
  return withTarget(new Command('doctor'))
    .description('what is missing on this host, and the command that mends it')
    .option('--notify', 'send a test message to everybody who is notified')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .option('--rebuild-from <dir>', 'put a restored anchord-state in its place')
    .action(async (options: DoctorOptions) =>
      io.exit(
        await codeOf(io, async () => {
          const file = await settingsFile(options, { cwd: process.cwd(), uid: process.getuid?.() ?? 0 });
          if (options.rebuildFrom !== undefined) return rebuild(io, file, options.rebuildFrom);
          const findings = await checkHost({
            file,
            path: io.env['PATH'] ?? '',
            runtimeDir: io.env['XDG_RUNTIME_DIR'],
            notify: options.notify === true,
          });
          io.stdout(
            options.json === true
              ? `${JSON.stringify(findings, null, 2)}\n`
              : `${findings.map((finding) => findingLines(finding, io)).join('\n')}\n`,
          );
          return findings.some((finding) => finding.level === 'bad') ? exitCodes.failed : exitCodes.done;
        }),
      ),
    );
}

async function rebuild(io: CliIo, file: string, from: string): Promise<number> {
  const { stateDir } = await loadSettings(file);
  const folder = resolve(process.cwd(), from);
  const { aside, newest } = await rebuildState(folder, statePaths(stateDir), systemClock.now());
  const until = newest === undefined ? 'no run yet' : `runs until ${newest}`;
  io.stdout(`${stateDir} remembers again what ${visibleText(folder)} holds: ${until}\n`);
  io.stdout(`what was there before lies in ${aside}\n`);
  return exitCodes.done;
}

function findingLines(finding: Finding, io: CliIo): string {
  const marks = {
    good: paint('✔', 'green', io),
    later: paint('·', 'dim', io),
    note: paint('!', 'yellow', io),
    bad: paint('✘', 'red', io),
  };
  const remedy = finding.remedy === undefined ? '' : `\n    ${visibleText(finding.remedy)}`;
  return `${marks[finding.level]} ${finding.message.split('\n').map(visibleText).join('\n  ')}${remedy}`;
}
