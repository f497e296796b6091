import { connectControl, followEvents } from '../control/control-client.ts';
import type { Control, Refusal } from '../control/control.ts';
import { faultOf, type Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { HostSettings } from '../settings/host-settings.ts';
import { socketPath, statePaths } from '../settings/state-paths.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeOfReason, exitCodes } from './exit-codes.ts';
import { stopSignal } from './stop-signal.ts';
import { settingsFile, type TargetOptions } from './target.ts';
import { visibleText } from '../page/visible-text.ts';

/** A host that a command speaks to. */
export interface Reached {
  readonly settings: HostSettings;
  readonly control: Control;
  /** Whether a daemon answers; otherwise the command works by itself. */
  readonly daemonRuns: boolean;
  /** Tells what happens on the host until the returned function is called. */
  readonly follow: (emit: Emit) => () => void;
  /** Aborts when a person wants the command to end. While a daemon does the work, a person who goes away ends the command at once. */
  readonly signal: AbortSignal;
}

/** Whether a command can do its work without a daemon. */
export type Alone = 'works-alone' | 'needs-daemon';

/**
 * Finds the host, reaches its daemon or opens it without one, does the work, and turns every way to fail into a message
 * and an exit code.
 */
export async function withControl(
  io: CliIo,
  about: { readonly target: TargetOptions; readonly alone: Alone },
  work: (reached: Reached) => Promise<number>,
): Promise<void> {
  io.exit(
    await codeOf(io, async () => {
      const settings = await loadSettings(
        await settingsFile(about.target, { cwd: process.cwd(), uid: process.getuid?.() ?? 0 }),
      );
      const socket = socketPath(settings.stateDir, io.env['XDG_RUNTIME_DIR']);
      const running = await connectControl(socket);
      if (running !== undefined) {
        return work({
          settings,
          control: running,
          daemonRuns: true,
          follow: (emit) => followEvents(socket, emit),
          signal: new AbortController().signal,
        });
      }
      if (about.alone === 'needs-daemon') {
        tell(io, {
          message: `no daemon runs on ${statePaths(settings.stateDir).dir}`,
          next: 'start it: anchord run, or anchord demo',
        });
        return exitCodes.unreachable;
      }
      const runtimeDir = io.env['XDG_RUNTIME_DIR'];
      const environment = { path: io.env['PATH'] ?? '', ...(runtimeDir === undefined ? {} : { runtimeDir }) };
      // Only here: what asks a daemon need not wait until most of one is loaded.
      const { openHost } = await import('../host.ts');
      const { auditedControl } = await import('../control/audited-control.ts');
      const { redactedControl } = await import('../control/redacted-control.ts');
      const { standaloneControl } = await import('../standalone-control.ts');
      using stop = stopSignal();
      await using host = await openHost(settings, environment);
      // What runs must not outlive a Ctrl-C: restic would go on by itself, and nobody would know how it ended.
      stop.signal.addEventListener('abort', () => void host.engine[Symbol.asyncDispose]());
      const asker = { audit: host.audit, uid: process.getuid?.() ?? 0 };
      const control = auditedControl(
        redactedControl(await standaloneControl(host), host.secrets.redaction),
        asker,
      );
      return await work({
        settings,
        control,
        daemonRuns: false,
        follow: (emit) => host.hub.listen(emit),
        signal: stop.signal,
      });
    }),
  );
}

/** Does work and turns what it throws into a message and an exit code. */
export async function codeOf(io: CliIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    tell(io, fault);
    return fault.reason === 'LockHeld' ? exitCodes.failed : exitCodeOfReason(fault.reason);
  }
}

/** Says on standard error why a person did not get what was asked for. */
export function tell(io: CliIo, fault: Pick<Fault, 'message' | 'next'>): void {
  const lines = fault.message.split('\n').map(visibleText);
  io.stderr(`anchord: ${lines.join('\n         ')}\n`);
  if (fault.next !== undefined) io.stderr(`  next: ${visibleText(fault.next)}\n`);
}

/** Tells a refusal and returns its exit code. */
export function refuseWith(io: CliIo, refusal: Refusal): number {
  tell(io, refusal);
  return exitCodeOfReason(refusal.reason);
}
