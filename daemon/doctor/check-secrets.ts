import type { HostState } from '../../state-schema/host-state.ts';
import type { Fault } from '../errors.ts';
import type { Finding } from '../programs/check-programs.ts';
import { peekTrustedState } from '../reconcile/trusted-state.ts';
import { remoteEnvironment } from '../remotes/remote-environment.ts';
import { Secrets } from '../secrets/secrets.ts';
import type { HostSettings } from '../settings/host-settings.ts';
import { statePaths } from '../settings/state-paths.ts';

/** Whether every secret and remote of the revision in force can be had here. Nothing is said before there is one. */
export async function checkSecrets(settings: HostSettings, path: string): Promise<readonly Finding[]> {
  const { allow, overrides, root } = settings;
  const stateDir = statePaths(settings.stateDir).dir;
  const state = await peekTrustedState(statePaths(settings.stateDir).trustedState);
  if (state === undefined) return [];
  const providers = settings.secrets;
  const secrets = new Secrets({ allow, overrides, root, providers, path, home: stateDir });
  const names = askable(state);
  const faults = await missingSecrets(state, { names, secrets });
  const remotes: Fault[] = [];
  for (const name of Object.keys(state.remotes).filter((one) => isAskable(one, state, names))) {
    const found = await remoteEnvironment(name, { state, overrides, secrets, stateDir, path });
    // A secret that is missing was told of already.
    if (found.kind === 'fault' && !faults.some(({ message }) => message === found.fault.message))
      remotes.push(found.fault);
  }
  const bad = [...faults, ...remotes].map(({ message, next }): Finding => ({
    level: 'bad',
    message: secrets.redact(message),
    ...(next === undefined ? {} : { remedy: secrets.redact(next) }),
  }));
  return [
    ...bad,
    ...good(names.length, faults, 'secrets can be had'),
    ...good(Object.keys(state.remotes).length, remotes, 'remotes have what they need'),
  ];
}

/** Credentials of systemd are given to the service alone: whoever asks here was not started by it. */
function askable({ secrets }: HostState): readonly string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => secret.from !== 'systemd-credential')
    .map(([name]) => name);
}

function isAskable(name: string, { remotes }: HostState, secrets: readonly string[]): boolean {
  const values: readonly unknown[] = Object.values(remotes[name] ?? {});
  return values.every(
    (value) =>
      typeof value !== 'object' ||
      value === null ||
      !('secret' in value) ||
      secrets.includes(String(value.secret)),
  );
}

async function missingSecrets(
  { secrets: declared }: HostState,
  { names, secrets }: { readonly names: readonly string[]; readonly secrets: Secrets },
): Promise<readonly Fault[]> {
  const found = await Promise.all(names.map((name) => secrets.resolve(name, declared)));
  return found.flatMap((one) => (one.kind === 'missing' ? [one.fault] : []));
}

function good(count: number, faults: readonly Fault[], words: string): readonly Finding[] {
  return count > 0 && faults.length === 0 ? [{ level: 'good', message: `the ${count} ${words}` }] : [];
}
