import { differenceWords, type PlanReport } from '../reconcile/plan-report.ts';
import type { Change, Hindrance } from '../reconcile/plan.ts';
import { visibleText } from '../page/visible-text.ts';
import type { CliIo } from './cli-io.ts';
import { paint, type Colour } from './paint.ts';
import { wrapped } from './wrapped.ts';

/** A whole commit id: its first digits are enough for a person. */
const REVISION = /^([0-9a-f]{10})[0-9a-f]{30,54}$/;

const SIGNS: Readonly<Record<Change['action'], { readonly sign: string; readonly colour: Colour }>> = {
  create: { sign: '+', colour: 'green' },
  update: { sign: '~', colour: 'yellow' },
  repair: { sign: '≈', colour: 'yellow' },
  forget: { sign: '-', colour: 'dim' },
};

type Io = Pick<CliIo, 'colour' | 'isTerminal' | 'columns'>;

/** A plan for a person, read like a diff: + made, ~ changed, ≈ put right, - let go, ! cannot. Pure. */
export function planLines(report: PlanReport, io: Io): readonly string[] {
  const rows = [...[...report.changes, ...report.hindrances].map(({ id }) => id), ...report.orphans];
  const width = Math.max(0, ...rows.map((id) => visibleText(nameOf(id)).length));
  return [
    `${report.host} against ${visibleText(report.of).replace(REVISION, '$1')}`,
    '',
    ...report.changes.map((change) => changeLine(change, { report, width, io })),
    ...report.hindrances.map((hindrance) => hindranceLine(hindrance, { width, io })),
    ...report.orphans.map((id) =>
      paint(
        `  · ${visibleText(nameOf(id)).padEnd(width)}  stays, though nothing declares it any more`,
        'dim',
        io,
      ),
    ),
    ...(report.changes.length + report.hindrances.length + report.orphans.length > 0 ? [''] : []),
    totals(report),
    ...notCarriedOutLines(report.notCarriedOut, io),
  ];
}

function changeLine(change: Change, about: { report: PlanReport; width: number; io: Io }): string {
  const { sign, colour } = SIGNS[change.action];
  const detail =
    change.action === 'create'
      ? (about.report.details[change.id] ?? '')
      : change.differences.map(differenceWords).join(', ');
  return paint(
    `  ${sign} ${visibleText(nameOf(change.id)).padEnd(about.width)}  ${visibleText(detail)}`.trimEnd(),
    colour,
    about.io,
  );
}

function hindranceLine(hindrance: Hindrance, about: { width: number; io: Io }): string {
  const text = `  ! ${visibleText(nameOf(hindrance.id)).padEnd(about.width)}  ${visibleText(hindrance.message)}`;
  return paint(text, hindrance.state === 'failed' ? 'red' : 'yellow', about.io);
}

/** `directory:/flux/active` as `directory /flux/active`. */
function nameOf(id: string): string {
  return id.replace(':', ' ');
}

function totals({ changes, hindrances, inSync }: PlanReport): string {
  function count(action: Change['action']): number {
    return changes.filter((change) => change.action === action).length;
  }
  const failed = hindrances.filter((hindrance) => hindrance.state === 'failed').length;
  const parts = [
    [count('create'), 'to make'],
    [count('update'), 'to change'],
    [count('repair'), 'to put right'],
    [count('forget'), 'to let go'],
    [failed, 'cannot be made'],
    [hindrances.length - failed, 'waiting'],
  ] as const;
  const words = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return words.length === 0 ? `Nothing to do: ${inSync} in sync.` : `${words.join(', ')}; ${inSync} in sync.`;
}

function notCarriedOutLines(what: readonly string[], io: Io): readonly string[] {
  if (what.length === 0) return [];
  const sentence = `Not carried out by this version: ${visibleText(what.join(', '))}.`;
  const lines = io.isTerminal ? wrapped(sentence, io.columns) : [sentence];
  return ['', ...lines.map((line) => paint(line, 'dim', io))];
}
