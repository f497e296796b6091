import { join } from 'node:path';
import type { AllowSettings, OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { EnvFileSecret, FileSecret, Secret } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { parseEnvFile } from './env-file.ts';
import { readSecretFile } from './secret-file.ts';
import { SecretValue } from './secret-value.ts';

/** Where secrets may come from on this host. */
export interface SecretSources {
  /** References of the state repo, by name. */
  readonly declared: Readonly<Record<string, Secret>>;
  /** What the host settings let the state repo refer to. */
  readonly allow?: AllowSettings | undefined;
  /** What the host settings put in the place of a reference, whatever the state repo says. */
  readonly overrides?: OverrideSettings | undefined;
  /** Prefix of the paths in `allow`; those in `overrides` are real paths. */
  readonly root: string;
}

/** A secret's value, or the reason it cannot be had. */
export type ResolvedSecret =
  | { readonly kind: 'resolved'; readonly value: SecretValue }
  | { readonly kind: 'missing'; readonly fault: Fault };

/** Looks a secret up by its name. Read anew each time, so that a rotated password needs no restart. */
export async function resolveSecret(name: string, sources: SecretSources): Promise<ResolvedSecret> {
  const override = own(sources.overrides?.secrets, name);
  if (override !== undefined) return await fromFile(name, 'host settings, overrides.secrets', override.file);
  const secret = own(sources.declared, name);
  if (secret === undefined)
    return missing(name, 'it is not declared', `declare ${name} under secrets: in the state repo`);
  switch (secret.from) {
    case 'env-file':
      return await fromEnvFile(name, secret, sources);
    case 'file':
      return await fromAllowedFile(name, secret, sources);
    case 'systemd-credential':
    case 'command':
    case 'azure-key-vault':
    case 'onepassword':
      return notCarriedOut(name, secret.from);
  }
}

async function fromEnvFile(
  name: string,
  secret: EnvFileSecret,
  sources: SecretSources,
): Promise<ResolvedSecret> {
  const path = own(sources.allow?.secrets?.files, secret.file);
  if (path === undefined) return notAllowed(name, secret.file);
  const real = join(sources.root, path);
  const content = await readSecretFile(real);
  if (content.kind === 'refused') return refused(name, 'env-file', content.fault);
  const value = parseEnvFile(content.text).get(secret.key);
  if (value === undefined)
    return missing(name, `env-file ${real} has no line ${secret.key}=…`, `add ${secret.key}=… to ${real}`);
  if (value === '')
    return missing(
      name,
      `env-file ${real} has an empty ${secret.key}`,
      `give ${secret.key} a value in ${real}`,
    );
  return { kind: 'resolved', value: new SecretValue(value) };
}

async function fromAllowedFile(
  name: string,
  secret: FileSecret,
  sources: SecretSources,
): Promise<ResolvedSecret> {
  const path = own(sources.allow?.secrets?.files, secret.file);
  if (path === undefined) return notAllowed(name, secret.file);
  return await fromFile(name, 'file', join(sources.root, path));
}

async function fromFile(name: string, provider: string, path: string): Promise<ResolvedSecret> {
  const content = await readSecretFile(path);
  if (content.kind === 'refused') return refused(name, provider, content.fault);
  const value = content.text.replace(/\r?\n$/, '');
  if (value === '') return missing(name, `${path} (${provider}) is empty`, `write the secret into ${path}`);
  return { kind: 'resolved', value: new SecretValue(value) };
}

function notAllowed(name: string, file: string): ResolvedSecret {
  return missing(
    name,
    `it comes from the file "${file}", which this host's settings do not allow`,
    `add allow: { secrets: { files: { ${file}: /path/of/it } } } to the host settings`,
  );
}

function notCarriedOut(name: string, provider: Secret['from']): ResolvedSecret {
  const fault = {
    reason: 'NotCarriedOutYet',
    message: `the secret ${name} comes from ${provider}, which is not carried out by this version`,
    next: `name a file for it in the host settings: overrides: { secrets: { ${name}: { file: /path/of/it } } }`,
  } as const;
  return { kind: 'missing', fault };
}

function missing(name: string, found: string, next: string): ResolvedSecret {
  return {
    kind: 'missing',
    fault: { reason: 'SecretMissing', message: `the secret ${name} cannot be had: ${found}`, next },
  };
}

function refused(name: string, provider: string, fault: Fault): ResolvedSecret {
  return {
    kind: 'missing',
    fault: { ...fault, message: `the secret ${name} (${provider}) cannot be had: ${fault.message}` },
  };
}

/** Names come from a push: `constructor` must not find what every object has. */
function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
