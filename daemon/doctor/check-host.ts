import { connectControl } from '../control/control-client.ts';
import { faultOf } from '../errors.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { socketPath } from '../settings/state-paths.ts';
import { checkPrograms, type Finding } from '../programs/check-programs.ts';

/** Looks at everything anchord needs on this host. Changes nothing. */
export async function checkHost(about: {
  readonly file: string;
  readonly path: string;
  readonly runtimeDir: string | undefined;
}): Promise<readonly Finding[]> {
  return [...(await checkPrograms(about.path)), ...(await checkDaemon(about))];
}

async function checkDaemon(about: {
  readonly file: string;
  readonly runtimeDir: string | undefined;
}): Promise<readonly Finding[]> {
  try {
    const settings = await loadSettings(about.file);
    const good: Finding = {
      level: 'good',
      message: `${about.file} is valid: host ${settings.host}, state repo ${settings.repository.url}`,
    };
    const control = await connectControl(socketPath(settings.stateDir, about.runtimeDir));
    if (control === undefined) {
      return [
        good,
        {
          level: 'note',
          message: 'no daemon is running',
          remedy: 'anchord run, or for the demo: anchord demo',
        },
      ];
    }
    const { summary } = (await control.status()).status;
    const level = summary.level === 'ok' || summary.level === 'busy' ? 'good' : 'note';
    const remedy = summary.next;
    return [
      good,
      { level, message: `the daemon runs: ${summary.sentence}`, ...(remedy === undefined ? {} : { remedy }) },
    ];
  } catch (error) {
    const { message, next } = faultOf(error);
    return [{ level: 'bad', message, ...(next === undefined ? {} : { remedy: next }) }];
  }
}
