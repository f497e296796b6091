import { faultText } from '../fault-text.ts';
import { composeConfig, namesOf } from './compose-config.ts';
import { withoutSections, withSectionsOf } from './config-text.ts';
import { installConfig } from './install-config.ts';
import { withBlock } from './marked-block.ts';
import { goodConfigFile } from './observe-shares.ts';
import { probeShares, type ProbeReport } from './probe-shares.ts';
import { replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';
import type { ShareTrouble, ShareTroubles, ShareWork } from './share-view.ts';
import { shrunkShares } from './shrinks.ts';
import { closeShare, reloadSmbd } from './smbd-control.ts';

type Serving = ShareWork & { readonly kind: 'serve' };

/** What to serve, and where: one attempt to make it so. */
interface Attempt {
  readonly text: string;
  /** Names of shares that must not be available. */
  readonly down: ReadonlySet<string>;
  /** What was served before; empty when nothing was. */
  readonly good: string;
  readonly port: number;
}

/**
 * Makes Samba serve the shares: gate, write, include, reload, probe; and when the probe fails, put back what was good.
 * Each step leaves a state from which the next pass goes on, so this may end at any point. Returns what could not be
 * done. Throws what the file system throws, for example on a full disk: the configuration in force is then still whole.
 */
export async function applyShares(
  work: Serving,
  down: ReadonlySet<string>,
  place: SambaPlace,
): Promise<ShareTroubles> {
  const { text, refused } = await composeConfig(work, down, place);
  const troubles = new Map([...refused].map(([name, why]) => [`share:${name}`, refusal(why)]));
  if (text === undefined) return troubles;
  const { live, port, runs } = work;
  if (isInForce(text, work, place)) return troubles;
  if (!runs) {
    await installConfig(text, place);
    // Where smbd should run it is only good once it was seen to be served.
    if (!place.serves) await keepGood(text, place);
    return troubles;
  }
  const bad = await bringUp({ text, down: namesOf(down), good: live.good ?? '', port }, place);
  return new Map([...[...bad].map(([name, why]) => [`share:${name}`, notServed(why)] as const), ...troubles]);
}

/** Nothing to write, nothing to reload: for example while a share waits for a person to rename a section. */
function isInForce(text: string, { live, userPart }: Serving, { ownConfig }: SambaPlace): boolean {
  const block = withBlock(userPart, ownConfig);
  const isIncluded = block.kind === 'text' && block.text === live.user?.text;
  return isIncluded && text === live.own && text === live.good;
}

/** Returns why a share is not served as wanted, by its name. */
async function bringUp(attempt: Attempt, place: SambaPlace): Promise<ReadonlyMap<string, string>> {
  const { text, down, good, port } = attempt;
  const first = await serve(attempt, place);
  if (first.bad.size === 0) {
    await keepGood(text, place);
    return first.bad;
  }
  // Nothing is known to be wrong with it: the last good one would not be answered for either.
  if (first.unreachable !== undefined) return first.bad;
  const fallback = withoutSections(good, down);
  const guilty = new Set(first.bad.keys());
  const rest = withSectionsOf(text, fallback, guilty);
  const second = await serve({ ...attempt, text: rest, good: text }, place);
  if (second.bad.size === 0) {
    await keepGood(rest, place);
    return first.bad;
  }
  await serve(
    {
      text: fallback === '' ? withoutSections(rest, new Set(second.bad.keys())) : fallback,
      down,
      good: rest,
      port,
    },
    place,
  );
  return new Map([...second.bad, ...first.bad]);
}

async function serve({ text, good, port }: Attempt, place: SambaPlace): Promise<ProbeReport> {
  await installConfig(text, place);
  await reloadSmbd(place);
  for (const name of shrunkShares(good, text)) await closeShare(name, place);
  return probeShares(text, port, place);
}

function keepGood(text: string, place: SambaPlace): Promise<void> {
  return replaceFile(goodConfigFile(place), text, { mode: 0o600 });
}

function refusal(why: string): ShareTrouble {
  const fault = { message: why, next: 'look at the configuration of the host: testparm -s' };
  return { state: 'failed', reason: 'ConfigurationRefused', message: faultText(fault) };
}

function notServed(why: string): ShareTrouble {
  const fault = { message: why, next: 'look at what smbd says: journalctl -u smbd' };
  return { state: 'failed', reason: 'NotServed', message: faultText(fault) };
}
