import { Command } from 'commander';
import { checkHost } from '../doctor/check-host.ts';
import type { Finding } from '../programs/check-programs.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { paint } from './paint.ts';
import { settingsFile, type TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { codeOf } from './with-control.ts';
import { visibleText } from '../page/visible-text.ts';

const HELP = `
Looks at programs and their versions, the host settings, the files they name and
the daemon. Asks no remote and changes nothing. With --notify the daemon sends a
test message to every target of notify: in the state repo.

Exits 1 when something is missing without which nothing works, or a test message
did not arrive.

Examples:
  anchord doctor
  anchord doctor --notify
  anchord doctor --config /etc/anchord/anchord.yaml --json
${exitCodeHelp([0, 1, 2])}`;

/** `anchord doctor`: what is missing on this host, and the command that mends it. */
export function doctorCommand(io: CliIo): Command {
  return withTarget(new Command('doctor'))
    .description('what is missing on this host, and the command that mends it')
    .option('--notify', 'send a test message to everybody who is notified')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action(async (options: TargetOptions & { readonly json?: boolean; readonly notify?: boolean }) =>
      io.exit(
        await codeOf(io, async () => {
          const file = await settingsFile(options, { cwd: process.cwd(), uid: process.getuid?.() ?? 0 });
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
