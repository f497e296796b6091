import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** An empty folder for one run of a policy, which nobody else can enter. */
export interface Scratch extends AsyncDisposable {
  readonly path: string;
}

/** Makes it; what a run before that was killed left in its place is removed. The policy's lock must be held. */
export async function makeScratch(stateDir: string, policy: string): Promise<Scratch> {
  const path = pathOf(stateDir, policy);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Removes what a run that was killed left behind. The policy's lock must be held. */
export async function removeScratch(stateDir: string, policy: string): Promise<void> {
  await rm(pathOf(stateDir, policy), { recursive: true, force: true });
}

/** A policy's name is one word of the schema, so it cannot lead elsewhere; that is checked again here, for it is a path. */
function pathOf(stateDir: string, policy: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(policy))
    throw new Error(`Internal error: ${JSON.stringify(policy)} is no name of a policy`);
  return join(stateDir, 'scratch', policy);
}
