import { join } from 'node:path';
import { stringify } from 'yaml';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** Where everything of a demo is. */
export interface DemoPaths {
  readonly dir: string;
  readonly settings: string;
  readonly upstream: string;
  readonly root: string;
  readonly cloud: string;
  readonly state: string;
  readonly secrets: string;
}

/** The layout of a demo folder. */
export function demoPaths(dir: string): DemoPaths {
  return {
    dir,
    settings: join(dir, 'anchord.yaml'),
    upstream: join(dir, 'upstream.git'),
    root: join(dir, 'root'),
    cloud: join(dir, 'cloud'),
    state: join(dir, 'state'),
    secrets: join(dir, 'secrets'),
  };
}

/**
 * The demo's host settings: those of a real host, but with a folder as the root, folders for the cloud, and generated
 * files for secrets. Pure.
 */
export function demoSettings(paths: DemoPaths, state: HostState, listen: string): string {
  const remotes: Record<string, { type: string; remote: string }> = {};
  for (const name of Object.keys(state.remotes))
    remotes[name] = { type: 'alias', remote: join(paths.cloud, name) };
  const secrets: Record<string, { file: string }> = {};
  for (const name of Object.keys(state.secrets)) secrets[name] = { file: join(paths.secrets, name) };
  const settings: HostSettingsFile = {
    host: state.host.name,
    repository: { url: paths.upstream, branch: 'main' },
    stateDir: paths.state,
    root: paths.root,
    listen,
    allow: {
      secrets: { vaults: vaultsOf(state), files: filesOf(state) },
      users: Object.keys(state.users),
    },
    overrides: { notify: 'off', remotes, secrets },
  };
  return `# The demo's host settings. On a real host they are /etc/anchord/anchord.yaml, written by root, never by a push.\n${stringify(settings)}`;
}

function vaultsOf(state: HostState): string[] {
  const vaults = Object.values(state.secrets).flatMap((secret) =>
    secret.from === 'azure-key-vault' ? [secret.vault] : [],
  );
  return [...new Set(vaults)];
}

/** Host paths: below the demo's root like every other. */
function filesOf(state: HostState): Record<string, string> {
  const names = Object.values(state.secrets).flatMap((secret) => ('file' in secret ? [secret.file] : []));
  return Object.fromEntries(names.map((name) => [name, `/etc/anchord/${name}.env`]));
}
