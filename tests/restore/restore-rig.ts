import assert from 'node:assert/strict';
import { chmodSync, closeSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../daemon/errors.ts';
import { listSnapshots, type ListedSnapshot } from '../../daemon/restore/list-snapshots.ts';
import { restorePolicy } from '../../daemon/restore/restore-policy.ts';
import type { RestoreReport, RestoreRequest } from '../../daemon/restore/restore-request.ts';
import type { PolicyRig } from '../policies/policy-rig.ts';

/** Restores from a policy of a rig, as a command does. */
export function restore(
  rig: PolicyRig,
  request: Partial<RestoreRequest> & Pick<RestoreRequest, 'to'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<RestoreReport | Fault> {
  const whole: RestoreRequest = { policy: 'local', snapshot: 'latest', overwrite: false, ...request };
  return rig.engine.use(whole.policy, (named, parts, ending) =>
    restorePolicy({ request: whole, named, parts, signal: AbortSignal.any([signal, ending]) }),
  );
}

/** What a policy of a rig can restore. */
export function snapshots(
  rig: PolicyRig,
  all: boolean = false,
  name: string = 'local',
): Promise<readonly ListedSnapshot[] | Fault> {
  return rig.engine.use(name, (named, parts, signal) => listSnapshots(named, { parts, all, signal }));
}

/** The report of a restore that was carried out. */
export function reportOf(answer: RestoreReport | Fault): RestoreReport {
  assert.ok('outcome' in answer, JSON.stringify(answer));
  return answer;
}

/** Why a restore was not begun. */
export function faultOf(answer: RestoreReport | Fault): Fault {
  assert.ok(!('outcome' in answer), JSON.stringify(answer));
  return answer;
}

/** The largest pack of a repository: one with files in it. */
export function biggestPack(repository: string): string {
  const packs = readdirSync(join(repository, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const [biggest] = packs.toSorted((one, other) => statSync(other).size - statSync(one).size);
  assert.ok(biggest !== undefined);
  return biggest;
}

/** Changes one byte of a file and leaves its length. */
export function flipByte(file: string, position: number): void {
  chmodSync(file, 0o600);
  const descriptor = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 0xff;
  writeSync(descriptor, byte, 0, 1, position);
  closeSync(descriptor);
}
