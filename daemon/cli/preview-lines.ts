import { visibleText } from '../page/visible-text.ts';
import type { PlanItem } from '../policies/plans/policy-plan.ts';
import type { PolicyPreview } from '../policies/plans/policy-preview.ts';
import { columns } from './columns.ts';
import { bytesWords } from '../bytes-words.ts';

/** So many entries of each list are shown; `--json` has all of them. */
const SHOWN = 200;

/** What the next run of a policy would do, as lines for a person. Pure. */
export function previewLines(preview: PolicyPreview): readonly string[] {
  const { items, skipped, excludes } = preview;
  return [
    headline(preview),
    ...shown(
      items.map(({ kind, what, bytes, to }) => [
        `  ${SIGNS[kind]}`,
        preview.kind === 'backup' ? '' : bytesWords(bytes),
        to === undefined ? what : `${what} → ${to}`,
      ]),
    ),
    ...(skipped.length === 0 ? [] : ['', `left alone: ${skipped.length}`]),
    ...shown(skipped.map(({ what, why }) => [`   `, what, why])),
    ...(excludes.length === 0 ? [] : ['', visibleText(`never touched: ${excludes.join('  ')}`)]),
    '',
    ...ending(preview),
  ];
}

const SIGNS: Readonly<Record<PlanItem['kind'], string>> = {
  remove: '-',
  move: '→',
  copy: '+',
  replace: '~',
  rename: '→',
};

function headline({ policy, kind, items, of }: PolicyPreview): string {
  if (kind === 'backup')
    return `${policy} (${kind}): a new snapshot, ${items.length === 0 ? 'and nothing is forgotten' : `and ${items.length} of ${of} are forgotten`}`;
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const what = items.length === 0 ? 'nothing' : `${items.length} of ${of} entries, ${bytesWords(bytes)}`;
  return `${policy} (${kind}): ${what}`;
}

function shown(rows: readonly (readonly string[])[]): readonly string[] {
  const more = rows.length - SHOWN;
  return [...columns(rows.slice(0, SHOWN)), ...(more > 0 ? [`    and ${more} more: --json has all`] : [])];
}

function ending({ policy, kind, held, waiting, items }: PolicyPreview): readonly string[] {
  if (waiting?.acceptedUntil !== undefined)
    return [`plan ${waiting.id} is accepted until ${waiting.acceptedUntil}; the next run carries it out`];
  const why = held === undefined ? [] : [visibleText(`not now: ${held.message}`)];
  if (waiting !== undefined)
    return [...why, `plan ${waiting.id} waits for you: anchord policy accept ${policy} ${waiting.id}`];
  if (why.length > 0) return why;
  return [
    items.length === 0 && kind !== 'backup' ? 'the next run has nothing to do' : 'the next run does that',
  ];
}
