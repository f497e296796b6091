import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { compareDump } from './compare-dump.ts';
import { configOf } from './config-of.ts';
import { findDifferences } from './find-differences.ts';
import type { FoundSamba } from './find-samba.ts';
import { utf8 } from './gate-config.ts';
import { guardProgram } from './guard-files.ts';
import { withBlock, withoutBlock } from './marked-block.ts';
import { renderConfig } from './render-config.ts';
import { readWhole } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';
import type { SambaVersion } from './samba-version.ts';
import type { LiveFiles, ShareQuestion, ShareTrouble, ShareView, ShareWork } from './share-view.ts';
import { smbdRuns } from './smbd-control.ts';
import { readConfig } from './testparm.ts';
import { readUserPart } from './user-part.ts';

/** What is written where no Samba tells its version. */
const BASELINE: SambaVersion = { major: 4, minor: 17, patch: 0 };
/** What a path may hold that stands in smb.conf and goes through a shell there. */
const PLAIN = /^[A-Za-z0-9/._-]+$/;

/** The last good configuration's file. */
export function goodConfigFile({ dir }: SambaPlace): string {
  return join(dir, 'last-good.conf');
}

/** Looks at Samba's configuration as it is, beside the shares that are wanted. Changes nothing outside its own folder. */
export async function observeShares(
  question: ShareQuestion,
  samba: () => Promise<FoundSamba>,
  place: SambaPlace,
): Promise<ShareView> {
  const nothing: ShareView = { ...question, findings: new Map(), troubles: new Map() };
  const live = await readLive(place);
  if (question.wants.length === 0) return { ...nothing, ...(await removal(live, place)) };
  const found = await samba();
  if (found.kind === 'absent' && place.serves)
    return all(nothing, { state: 'waiting', reason: 'ProgramMissing', message: faultText(found.fault) });
  if (!PLAIN.test(place.dir) || !PLAIN.test(place.ownConfig)) return all(nothing, awkwardPlace(place));
  const runs = place.serves && (await smbdRuns(place));
  const version = found.kind === 'found' ? found.version : BASELINE;
  const checks = found.kind === 'found';
  const view = await compareFiles(nothing, { live, runs, version, checks }, place);
  return place.serves && !runs ? { ...view, troubles: withNotRunning(view) } : view;
}

async function readLive(place: SambaPlace): Promise<LiveFiles> {
  const [own, user, good] = await Promise.all(
    [place.ownConfig, place.userConfig, goodConfigFile(place)].map((path) => readWhole(path)),
  );
  return {
    ...(own === undefined ? {} : { own: own.text }),
    ...(user === undefined ? {} : { user }),
    ...(good === undefined ? {} : { good: good.text }),
  };
}

async function removal(live: LiveFiles, place: SambaPlace): Promise<{ readonly work?: ShareWork }> {
  const user = live.user?.text ?? '';
  const bare = withoutBlock(user);
  const isClean = live.own === undefined && live.good === undefined;
  if (isClean && (bare.kind === 'refused' || bare.text === user)) return {};
  return { work: { kind: 'remove', live, runs: place.serves && (await smbdRuns(place)) } };
}

interface Seen {
  readonly live: LiveFiles;
  readonly runs: boolean;
  readonly version: SambaVersion;
  readonly checks: boolean;
}

async function compareFiles(view: ShareView, seen: Seen, place: SambaPlace): Promise<ShareView> {
  const { wants, down } = view;
  const { live } = seen;
  const config = configOf(wants, { version: seen.version, down, guard: guardProgram(place) });
  const text = utf8(renderConfig(config));
  const block = lookAtBlock(live, place);
  if (block.kind === 'trouble') return all(view, block.trouble);
  const { hasBlock } = block;
  // Where smbd does not run now, it will be seen to serve them once it does.
  const isKnownGood = live.good === text || (place.serves && !seen.runs);
  const isWhole = live.own === text && hasBlock && isKnownGood;
  const readFaults = isWhole && seen.checks ? await faultsOfLive(config, place) : [];
  if (isWhole && readFaults.length === 0) return view;
  return planWork(view, { ...seen, text, hasBlock, readFaults }, place);
}

type BlockSeen =
  | { readonly kind: 'seen'; readonly hasBlock: boolean }
  | { readonly kind: 'trouble'; readonly trouble: ShareTrouble };

function lookAtBlock({ user }: LiveFiles, place: SambaPlace): BlockSeen {
  const block = withBlock(user?.text ?? '', place.ownConfig);
  if (block.kind === 'refused') return { kind: 'trouble', trouble: refusedTrouble(block) };
  const hasBlock = user?.text === block.text;
  if (!hasBlock && user?.isLink === true) return { kind: 'trouble', trouble: linked(place) };
  return { kind: 'seen', hasBlock };
}

/** What Samba reads otherwise although the files are as they should be: something in the host's own part. */
async function faultsOfLive(
  config: ReturnType<typeof configOf>,
  place: SambaPlace,
): Promise<readonly string[]> {
  const read = await readConfig(place.userConfig, place);
  if (read.kind === 'unreadable') return [read.message];
  return compareDump(config, read.dump).map(({ message }) => message);
}

async function planWork(
  view: ShareView,
  seen: Seen & { readonly text: string; readonly hasBlock: boolean; readonly readFaults: readonly string[] },
  place: SambaPlace,
): Promise<ShareView> {
  const { live, checks, text } = seen;
  const part = await readUserPart(live.user?.text ?? '', { checks, place });
  if (part.kind === 'refused') return all(view, refusedTrouble(part.fault));
  const taken = view.wants.filter(({ name }) => part.sections.has(name));
  const troubles = new Map(taken.map(({ id, name }) => [id, sectionTaken(name)] as const));
  const wants = view.wants.filter(({ id }) => !troubles.has(id));
  const findings = findDifferences(
    { wants, known: view.known, text },
    {
      ...seen,
      own: live.own,
      isKnownGood: live.own !== text || live.good === text,
      runs: seen.runs || !place.serves,
    },
  );
  const work: ShareWork = {
    kind: 'serve',
    live,
    runs: seen.runs,
    checks,
    version: seen.version,
    userPart: part.text,
    userComplaints: part.complaints,
    port: part.port,
    wants,
    key: digestOf([text, live.user?.text ?? '', String(seen.runs), ...seen.readFaults]),
  };
  return { ...view, findings, troubles, work };
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

function all(view: ShareView, trouble: ShareTrouble): ShareView {
  return { ...view, troubles: new Map(view.wants.map(({ id }) => [id, trouble])) };
}

function withNotRunning(view: ShareView): ShareView['troubles'] {
  const trouble: ShareTrouble = {
    state: 'waiting',
    reason: 'ServerNotRunning',
    message: faultText({ message: 'smbd does not run, so nobody is served', next: 'systemctl start smbd' }),
  };
  return new Map(view.wants.map(({ id }) => [id, view.troubles.get(id) ?? trouble]));
}

function refusedTrouble(fault: Pick<Fault, 'message' | 'next'>): ShareTrouble {
  return { state: 'failed', reason: 'ConfigurationRefused', message: faultText(fault) };
}

function awkwardPlace({ dir }: SambaPlace): ShareTrouble {
  return refusedTrouble({
    message: `the state directory ${dir} holds letters that smb.conf reads as something else, and smbd has to find its guard there`,
    next: 'use a stateDir of plain letters, digits, ., _ and -',
  });
}

function linked({ userConfig, ownConfig }: SambaPlace): ShareTrouble {
  return refusedTrouble({
    message: `${userConfig} is a symbolic link, and anchord replaces no file that it does not see the place of`,
    next: `make it a file, or end it yourself with the lines: # >>> anchord, [global], include = ${ownConfig}, # <<< anchord`,
  });
}

function sectionTaken(name: string): ShareTrouble {
  return {
    state: 'failed',
    reason: 'SectionTaken',
    message: faultText({
      message: `the host's own smb.conf, or a file that it includes, has a section [${name}], and Samba would mix the two`,
      next: 'remove that section, or give the share another name',
    }),
  };
}
