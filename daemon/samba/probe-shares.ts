import { probeShare, type ProbeAnswer } from './probe-share.ts';
import type { SambaPlace } from './samba-place.ts';
import { sectionTexts, valueIn } from './render-config.ts';

/** What probing a configuration showed. */
export interface ProbeReport {
  /** Why a share is not as it should be, by its name. */
  readonly bad: ReadonlyMap<string, string>;
  /** Why no share could be asked at all: smbd runs, and does not answer there. */
  readonly unreachable?: string;
}

const AT_ONCE = 8;
/** smbd reads its configuration some moments after it was told to. */
const TRIES = { most: 40, everyMs: 100 } as const;

/** Connects to every share of a configuration's text, and waits a moment for each to be as it should be. */
export async function probeShares(text: string, port: number, place: SambaPlace): Promise<ProbeReport> {
  const bad = new Map<string, string>();
  let unreachable: string | undefined;
  const left = [...sectionTexts(text)]
    .filter(([name]) => name !== 'global')
    .map(([name, section]) => ({
      name,
      want: valueIn(section, 'available') === 'No' ? 'absent' : 'refused',
    }));
  async function work(): Promise<void> {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const answer = await settledProbe(next, port, place);
      if (answer.kind === 'unreachable') unreachable ??= answer.message;
      if (answer.kind !== next.want) bad.set(next.name, words(next.name, answer));
      // Nobody there: the others need not wait for the same.
      if (unreachable !== undefined) left.length = 0;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return unreachable === undefined ? { bad } : { bad, unreachable };
}

async function settledProbe(
  { name, want }: { readonly name: string; readonly want: string },
  port: number,
  place: SambaPlace,
): Promise<ProbeAnswer> {
  let answer = await probeShare(name, port, place);
  for (let tries = 1; answer.kind !== want && tries < TRIES.most; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, TRIES.everyMs));
    answer = await probeShare(name, port, place);
  }
  return answer;
}

function words(name: string, answer: ProbeAnswer): string {
  switch (answer.kind) {
    case 'open':
      return `Samba let a stranger into ${name}`;
    case 'absent':
      return `Samba does not know the share ${name}`;
    case 'refused':
      return `Samba still serves ${name}, which must not be available`;
    case 'unreachable':
      return `smbd did not answer for ${name}: ${answer.message}`;
  }
}
