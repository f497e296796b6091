import { join } from 'node:path';
import type {
  EnvFileSecret,
  FileSecret,
  SystemdCredentialSecret,
} from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { parseEnvFile } from './env-file.ts';
import { missingSecret, provided, type ProvidedSecret } from './provided-secret.ts';
import { readSecretFile } from './secret-file.ts';

/** The files that the host settings allow, by name, and the prefix of their paths. */
export interface AllowedFiles {
  readonly files: Readonly<Record<string, string>> | undefined;
  readonly root: string;
}

/** One variable of a file with KEY=value lines. */
export async function fromEnvFile(
  name: string,
  secret: EnvFileSecret,
  allowed: AllowedFiles,
): Promise<ProvidedSecret> {
  const path = allowedPath(secret.file, allowed);
  if (path === undefined) return notAllowed(name, secret.file);
  const content = await readSecretFile(path);
  if (content.kind === 'refused') return refused(name, 'env-file', content.fault);
  const value = parseEnvFile(content.text).get(secret.key);
  if (value === undefined)
    return missingSecret(
      name,
      `env-file ${path} has no line ${secret.key}=…`,
      `add ${secret.key}=… to ${path}`,
    );
  if (value === '')
    return missingSecret(
      name,
      `env-file ${path} has an empty ${secret.key}`,
      `give ${secret.key} a value in ${path}`,
    );
  return provided(name, path, value);
}

/** The content of a file that the host settings allow. */
export async function fromAllowedFile(
  name: string,
  secret: FileSecret,
  allowed: AllowedFiles,
): Promise<ProvidedSecret> {
  const path = allowedPath(secret.file, allowed);
  return path === undefined ? notAllowed(name, secret.file) : await fromFile(name, 'file', path);
}

/** What systemd put into the folder of the service's credentials: LoadCredential=, SetCredentialEncrypted= and others, systemd.exec(5). */
export async function fromCredential(
  name: string,
  secret: SystemdCredentialSecret,
  folder: string | undefined,
): Promise<ProvidedSecret> {
  const credential = secret.name ?? name;
  const next = `add LoadCredential=${credential}:/path/of/it to the service: systemctl edit anchord`;
  if (folder === undefined)
    return missingSecret(name, 'this process was not given credentials by systemd', next);
  const path = join(folder, credential);
  const content = await readSecretFile(path);
  if (content.kind === 'content') return provided(name, path, withoutLineEnd(content.text));
  if (content.fault.reason === 'SecretMissing')
    return missingSecret(name, `systemd gave no credential ${credential}`, next);
  return refused(name, 'systemd-credential', content.fault);
}

/** The content of a file. `provider`: who named it, for messages. */
export async function fromFile(name: string, provider: string, path: string): Promise<ProvidedSecret> {
  const content = await readSecretFile(path);
  if (content.kind === 'refused') return refused(name, provider, content.fault);
  const value = withoutLineEnd(content.text);
  if (value === '')
    return missingSecret(name, `${path} (${provider}) is empty`, `write the secret into ${path}`);
  return provided(name, path, value);
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function allowedPath(file: string, { files, root }: AllowedFiles): string | undefined {
  // Names come from a push: `constructor` must not find what every object has.
  const path = files !== undefined && Object.hasOwn(files, file) ? files[file] : undefined;
  return path === undefined ? undefined : join(root, path);
}

function notAllowed(name: string, file: string): ProvidedSecret {
  return missingSecret(
    name,
    `it comes from the file "${file}", which this host's settings do not allow`,
    `add allow: { secrets: { files: { ${file}: /path/of/it } } } to the host settings`,
  );
}

function refused(name: string, provider: string, fault: Fault): ProvidedSecret {
  const message = `the secret ${name} (${provider}) cannot be had: ${fault.message}`;
  return { kind: 'missing', fault: { ...fault, message } };
}
