import { readFile } from 'node:fs/promises';
import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { shellWord } from '../shell-word.ts';
import type { GuardUse } from './guard-use.ts';
import { mountsBetween, parseMountinfo } from './mountinfo.ts';
import { guardVolumes, volumeOf, type GuardParts } from './volume-guard.ts';

/** A place, and what is to be done with it. */
export interface GuardQuestion {
  /** As the state repo names it. */
  readonly path: string;
  readonly use: GuardUse;
  readonly volumes: Readonly<Record<string, Volume>>;
}

/** Why a host path must not be used now; undefined when it may. */
export async function guardPath(question: GuardQuestion, parts: GuardParts): Promise<Fault | undefined> {
  const { path, use, volumes } = question;
  const found = volumeOf(path, volumes);
  if (found === undefined) {
    return {
      reason: 'GuardFailed',
      message: `${path} lies on no declared volume`,
      next: 'declare the volume it lies on',
    };
  }
  const [guarded] = await guardVolumes({ [found.name]: found.volume }, parts, { use, path });
  const verdict = guarded?.verdict;
  if (verdict?.kind === 'failed' || (verdict?.kind === 'full' && use === 'write')) return verdict.fault;
  return parts.root === '/' ? strangerOnTheWay(path, found.volume) : undefined;
}

/** What is mounted between a volume's top and a place is another disk, or another folder, under a name that is trusted. */
async function strangerOnTheWay(path: string, { mount }: Volume): Promise<Fault | undefined> {
  const mounts = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  const [stranger] = mountsBetween({ top: mount, place: path }, mounts);
  if (stranger === undefined) return undefined;
  const { mountPoint, fstype, source } = stranger;
  return {
    reason: 'WrongIdentity',
    message: `${path} is not on the disk at ${mount}: ${fstype} ${source} is mounted at ${mountPoint}, which no volume declares`,
    next: `umount ${shellWord(mountPoint)}, or declare it as a volume`,
  };
}
