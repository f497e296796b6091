import { posix } from 'node:path';
import type {
  AllowSettings,
  GitCredentials,
  HostSettingsFile,
  OverrideSettings,
  SecretProviders,
} from '../../state-schema/generated/host-settings.ts';
import { parseDurationSeconds, parseSizeBytes } from '../../state-schema/units.ts';

/** Host settings with every default filled in: frozen, read once, handed down. Fields as in host-settings.schema.json. */
export interface HostSettings {
  readonly host: string;
  readonly repository: {
    readonly url: string;
    readonly branch: string;
    /** How often to look, milliseconds. */
    readonly intervalMs: number;
    /** The most that one fetch may bring, bytes. */
    readonly fetchLimitBytes: number;
    readonly credentials?: GitCredentials;
    /** A host file. Without it there is no webhook. */
    readonly webhookSecret?: string;
    /** The files that say who may sign; given when every commit must be signed. */
    readonly signers?: readonly string[];
  };
  readonly status: {
    readonly url: string;
    readonly credentials?: GitCredentials;
    /** A host file: the SSH private key that signs status commits. */
    readonly signingKey?: string;
    readonly redact: boolean;
  };
  readonly stateDir: string;
  readonly root: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Names besides the address itself and localhost under which the page may be asked for. */
  readonly hosts: readonly string[];
  readonly allow: AllowSettings;
  /** How this host reaches the services that hold secrets. */
  readonly secrets: SecretProviders;
  readonly overrides: OverrideSettings;
}

/** What the file asks for and this version cannot do, each as one sentence; a daemon must not start over them. */
export function unsupportedSettings(file: HostSettingsFile): readonly string[] {
  const asked: (readonly [boolean, string])[] = [
    [file.tls !== undefined, 'tls'],
    [file.auth === 'tokens', 'auth: tokens'],
  ];
  return asked
    .filter(([isAsked]) => isAsked)
    .map(
      ([, name]) =>
        `${name} is not carried out by this version of anchord, and going on without it would be less safe than you asked for; remove it, or wait for a version that has it`,
    );
}

/** Fills in the defaults. */
export function completeSettings(file: HostSettingsFile): HostSettings {
  return Object.freeze({
    host: file.host,
    repository: completeRepository(file.repository),
    status: completeStatus(file),
    // Cleaned: `//` or `/.` as the root would be taken for a folder, and disks then for folders of it.
    stateDir: posix.resolve(file.stateDir ?? '/var/lib/anchord'),
    root: posix.resolve(file.root ?? '/'),
    listen: parseListen(file.listen ?? '127.0.0.1:8420'),
    hosts: file.hosts ?? [],
    allow: file.allow ?? {},
    secrets: file.secrets ?? {},
    overrides: file.overrides ?? {},
  });
}

function completeRepository(repository: HostSettingsFile['repository']): HostSettings['repository'] {
  const { url, branch = 'main', interval = '60s', fetchLimit = '512MiB' } = repository;
  const { credentials, webhookSecret } = repository;
  const signers = repository.verify === 'signed' ? [repository.allowedSigners ?? []].flat() : undefined;
  return {
    url,
    branch,
    intervalMs: parseDurationSeconds(interval) * 1000,
    fetchLimitBytes: parseSizeBytes(fetchLimit),
    ...(credentials === undefined ? {} : { credentials }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(signers === undefined ? {} : { signers }),
  };
}

/** The status goes to the state repo, and the credentials with it, unless another place is named: it gets only its own. */
function completeStatus({ repository, status = {} }: HostSettingsFile): HostSettings['status'] {
  const { url, redact = false, signingKey } = status;
  const credentials = status.credentials ?? (url === undefined ? repository.credentials : undefined);
  return {
    url: url ?? repository.url,
    redact,
    ...(credentials === undefined ? {} : { credentials }),
    ...(signingKey === undefined ? {} : { signingKey }),
  };
}

/** Whether a text is an address and a port, as `listen` in the host settings is. */
export function isListen(text: string): boolean {
  return /^(\[[0-9a-fA-F:]+\]|[^:\s]+):[0-9]{1,5}$/.test(text) && parseListen(text).port <= 65_535;
}

/** Splits `127.0.0.1:8420` or `[::1]:8420`. The form was checked. */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(text.slice(colon + 1)) };
}
