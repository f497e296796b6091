import { connectControl } from '../control/control-client.ts';
import { faultOf } from '../errors.ts';
import { checkPrograms, type Finding } from '../programs/check-programs.ts';
import { programNeeds } from '../programs/program-needs.ts';
import type { HostSettings } from '../settings/host-settings.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { socketPath } from '../settings/state-paths.ts';
import { checkFiles } from './check-files.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkNotifications } from './check-notifications.ts';

/** What is looked at: a file of host settings, the PATH for programs, and where sockets may be. */
interface Place {
  readonly file: string;
  readonly path: string;
  readonly runtimeDir: string | undefined;
  /** Whether a test message is sent to everybody who is notified. */
  readonly notify?: boolean;
}

/** Looks at everything anchord needs on this host. Changes nothing. */
export async function checkHost({
  file,
  path,
  runtimeDir,
  notify = false,
}: Place): Promise<readonly Finding[]> {
  let settings: HostSettings;
  try {
    settings = await loadSettings(file);
  } catch (error) {
    return [...(await checkPrograms(path, new Set())), badFinding(error)];
  }
  return [
    ...(await checkPrograms(path, await programNeeds(settings))),
    {
      level: 'good',
      message: `${file} is valid: host ${settings.host}, state repo ${settings.repository.url}`,
    },
    ...(await checkFiles(settings)),
    ...(await checkSecrets(settings, path)),
    ...(await checkDaemon(settings, runtimeDir, notify)),
  ];
}

async function checkDaemon(
  { stateDir }: HostSettings,
  runtimeDir: string | undefined,
  notify: boolean,
): Promise<readonly Finding[]> {
  try {
    const control = await connectControl(socketPath(stateDir, runtimeDir));
    if (control === undefined) {
      const remedy = 'anchord run, or for the demo: anchord demo';
      const sends = notify ? ': the test messages are its to send' : '';
      return [{ level: notify ? 'bad' : 'note', message: `no daemon is running${sends}`, remedy }];
    }
    const { summary, notifications } = (await control.status()).status;
    const level = summary.level === 'ok' || summary.level === 'busy' ? 'good' : 'note';
    const remedy = summary.next;
    const message = `the daemon runs: ${summary.sentence}`;
    return [
      { level, message, ...(remedy === undefined ? {} : { remedy }) },
      ...(await checkNotifications(control, notifications, notify)),
    ];
  } catch (error) {
    return [badFinding(error)];
  }
}

function badFinding(error: unknown): Finding {
  const { message, next } = faultOf(error);
  return { level: 'bad', message, ...(next === undefined ? {} : { remedy: next }) };
}
