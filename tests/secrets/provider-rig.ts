import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnchordEvent } from '../../daemon/events.ts';
import { Secrets, type SecretsPlace } from '../../daemon/secrets/secrets.ts';
import type { Secret } from '../../state-schema/generated/state-file.ts';

/** Secrets of a host in a folder, with a clock that the test sets. */
export interface ProviderRig extends AsyncDisposable {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly events: AnchordEvent[];
  /** Lets time pass. Milliseconds. */
  pass(ms: number): void;
  /** The value, or reason and message and next step of the fault. */
  ask(name: string): Promise<string>;
}

/** Builds one; a function gets the folder, for settings that name files in it. */
export async function providerRig(
  declared: Readonly<Record<string, Secret>>,
  place: (folder: string) => Partial<SecretsPlace>,
): Promise<ProviderRig> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-provider-'));
  await writeFile(join(folder, 'client-secret'), 'client-secret-value\n', { mode: 0o600 });
  await writeFile(join(folder, 'assertion'), 'federated-token-value\n', { mode: 0o600 });
  await writeFile(join(folder, 'connect-token'), 'connect-token-value\n', { mode: 0o600 });
  let now = 0;
  const events: AnchordEvent[] = [];
  const secrets = new Secrets({
    root: '/',
    path: process.env['PATH'],
    home: folder,
    clock: { monotonic: () => now },
    emit: (event) => events.push(event),
    ...place(folder),
  });
  return {
    folder,
    secrets,
    events,
    pass(ms) {
      now += ms;
    },
    async ask(name) {
      const found = await secrets.resolve(name, declared);
      if (found.kind === 'resolved') return found.value.reveal();
      const { reason, message, next } = found.fault;
      return `${reason}: ${message} → ${next}`;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
