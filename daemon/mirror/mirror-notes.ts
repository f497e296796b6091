import type { MirrorRun } from './mirror-calls.ts';
import type { MeasuredSource } from './measure-source.ts';
import type { MirrorMemory } from './mirror-memory.ts';
import type { MirrorPlan } from './mirror-plan.ts';
import { keptVersions } from './kept-versions.ts';

/** A destination that holds so much less than it was left with has lost something: said, because nobody else would. */
const LOST_SHARE = 0.2;

/** What is known when a mirror is done. */
export interface MirrorDone {
  readonly source: MeasuredSource;
  readonly plan: MirrorPlan;
  readonly memory: MirrorMemory | undefined;
}

/** What a person should know of a mirror that went well, in one line. */
export async function mirrorNotes(run: MirrorRun, done: MirrorDone): Promise<string> {
  return [...contentNotes(done), await keptVersions(run)].join('; ');
}

function contentNotes({ source, plan, memory }: MirrorDone): readonly string[] {
  const { links, special, strangeNames } = source;
  const lost = (memory?.objects ?? 0) - plan.objects;
  return [
    links > 0 ? `${count(links, 'symbolic link is', 'symbolic links are')} not mirrored` : '',
    special > 0
      ? `${count(special, 'socket, pipe or device is', 'sockets, pipes or devices are')} not mirrored`
      : '',
    strangeNames > 0 ? `${count(strangeNames, 'name is', 'names are')} not UTF-8 and may differ there` : '',
    memory !== undefined && lost > LOST_SHARE * memory.objects
      ? `the destination held ${plan.objects} of the ${memory.objects} objects that the last run left; what was missing was sent again`
      : '',
  ].filter((note) => note !== '');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
