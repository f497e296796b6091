import { Stalled } from '../errors.ts';
import { shellWord } from '../shell-word.ts';
import type { BareRepository } from './bare-repository.ts';

/** The trailer by which a daemon knows its own commits. */
export const WRITER_TRAILER = 'Writer';
/** A daemon commits at least once a day: one that was silent for longer is gone. Seconds. */
const GONE_AFTER_S = 25 * 60 * 60;

/** Our own place on the branch. */
export interface OwnWriting {
  /** What this daemon writes as its trailer. */
  readonly writer: string;
  /** When it committed last, by its own clock. */
  readonly lastAt: Date;
  readonly now: Date;
}

/** Another daemon's last commit on our branch. */
export interface OtherWriter {
  readonly writer: string;
  readonly at: Date;
}

/**
 * Tells whether the tip of our branch shows that a second daemon of the same host name is alive: another one's commit
 * that is younger than our last, and no older than a day. An older one is what somebody moved the branch back to, and a
 * commit without the trailer is somebody's own work: over both the status just goes on.
 */
export async function otherWriter(
  repository: BareRepository,
  tip: string,
  own: OwnWriting,
): Promise<OtherWriter | undefined> {
  const format = `--format=%ct %(trailers:key=${WRITER_TRAILER},valueonly,separator=%x20)`;
  const shown = await repository.run(['log', '-1', format, tip]);
  const [, seconds, writer] = /^(\d{1,12}) (\S{1,100})/.exec(shown.stdout) ?? [];
  if (writer === undefined || writer === own.writer) return undefined;
  const at = new Date(Number(seconds) * 1000);
  const isYounger = at.getTime() >= Math.floor(own.lastAt.getTime() / 1000) * 1000;
  const isGone = own.now.getTime() - at.getTime() > GONE_AFTER_S * 1000;
  return isYounger && !isGone ? { writer, at } : undefined;
}

/** The fault of two daemons with one host name. The elder one stops, so that they do not write over each other for ever. */
export function takenByOther(place: { readonly branch: string; readonly url: string }): Stalled {
  const { branch, url } = place;
  return new Stalled({
    reason: 'BranchTaken',
    message: `another daemon writes to ${branch} of ${url}: two hosts have the same name, or two daemons run for one`,
    next: `stop the other one or give it another host: in its settings; this one goes on a day later, or at once after: git push ${shellWord(url)} ${shellWord(`:refs/heads/${branch}`)}`,
  });
}
