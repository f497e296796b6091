import type { Reason } from '../../state-schema/generated/status.ts';
import { reasonSentences } from '../../state-schema/reasons.ts';
import { visibleText } from '../page/visible-text.ts';
import type { News } from './judge-news.ts';
import type { Message, MessageItem } from './message.ts';
import type { NewsEvent } from './trouble.ts';

/** A phone shows no more, and ntfy takes 4,096 bytes. */
const MOST_ITEMS = 12;
const MOST_CHARACTERS = { item: 500, text: 3_000 };

const WORST_FIRST: readonly NewsEvent[] = ['guard', 'failed', 'overdue', 'recovered'];

/** What goes with a message. */
export interface MessageAbout {
  readonly id: string;
  readonly host: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Whether what people wrote, with names and paths in it, gives way to the plain sentence of its reason. */
  readonly redact: boolean;
}

/** One message that tells of all the news, at least one piece. Pure. */
export function composeMessage(news: readonly News[], about: MessageAbout): Message {
  const { id, host, at, redact } = about;
  const sorted = news.toSorted((a, b) => WORST_FIRST.indexOf(a.event) - WORST_FIRST.indexOf(b.event));
  const items = sorted.slice(0, MOST_ITEMS).map((one) => itemOf(one, redact));
  const more = sorted.length - items.length;
  return {
    id,
    host,
    at,
    event: sorted[0]?.event ?? 'recovered',
    title: titleOf(host, sorted),
    text: textOf(items, more),
    items,
    more,
  };
}

/** A message that only shows that it arrives. Pure. */
export function testMessage({ id, host, at }: Omit<MessageAbout, 'redact'>): Message {
  const text = 'A person asked for it with: anchord doctor --notify. Nothing is wrong.';
  return { id, host, at, event: 'test', title: `${host}: a test`, text, items: [], more: 0 };
}

function itemOf({ event, trouble, at, isFlapping }: News, redact: boolean): MessageItem {
  const { subject, reason, message, next, since, lastGoodAt, policies } = trouble;
  return {
    event,
    subject,
    reason,
    message: redact ? reasonSentences[reason] : short(visibleText(message)),
    ...(next === undefined || redact ? {} : { next: short(visibleText(next)) }),
    since: event === 'recovered' ? at : (since ?? at),
    ...(lastGoodAt === undefined ? {} : { lastGoodAt }),
    policies: [...policies],
    flapping: isFlapping,
  };
}

function titleOf(host: string, news: readonly News[]): string {
  const [only] = news;
  if (only !== undefined && news.length === 1) return `${host}: ${headline(only.event, only.trouble)}`;
  const recovered = news.filter(({ event }) => event === 'recovered').length;
  const troubled = news.length - recovered;
  const parts = [
    ...(troubled === 0 ? [] : [`${troubled} ${troubled === 1 ? 'thing needs' : 'things need'} you`]),
    ...(recovered === 0 ? [] : [`${recovered} recovered`]),
  ];
  return `${host}: ${parts.join(', ')}`;
}

function headline(
  event: NewsEvent,
  { subject, reason }: { readonly subject: string; readonly reason: Reason },
): string {
  const [kind = '', ...rest] = subject.split(':');
  const name = rest.join(':');
  const isCondition = kind === 'condition';
  const what = kind === 'volume' ? `volume ${name}` : name;
  switch (event) {
    case 'recovered':
      return isCondition ? `${name} is as it should be again` : `${what} recovered`;
    case 'guard':
      return reason === 'BelowMinimumFree' ? `${what} is nearly full` : `${what} cannot be used`;
    case 'overdue':
      return `${what} is overdue`;
    case 'failed':
      return isCondition ? unpointed(reasonSentences[reason]) : `${what} failed`;
  }
}

function textOf(items: readonly MessageItem[], more: number): string {
  const isOne = items.length === 1;
  const parts = items.map((item) => itemText(item, isOne));
  const text = parts.join('\n\n');
  const cut = text.length > MOST_CHARACTERS.text ? `${text.slice(0, MOST_CHARACTERS.text)} …` : text;
  return more === 0 ? cut : `${cut}\n\nand ${more} more: anchord status`;
}

function itemText(item: MessageItem, isOne: boolean): string {
  const { event, subject, message, next, since, lastGoodAt, policies, flapping } = item;
  const title = isOne ? '' : `${event}: ${subject.replace(/^(policy|condition):/, '').replace(':', ' ')}\n`;
  if (event === 'recovered') return `${title}Well since ${since}. It was: ${message}${ending(flapping)}`;
  const stopped =
    subject.startsWith('volume:') && policies.length > 0 ? [`Stopped: ${policies.join(', ')}.`] : [];
  return [
    `${title}${message}`,
    ...stopped,
    `Since ${since}.${lastGoodAt === undefined ? '' : ` Last good: ${lastGoodAt}.`}${ending(flapping)}`,
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ].join('\n');
}

function ending(flapping: boolean): string {
  return flapping ? ' It comes and goes: more when it has been steady for half an hour.' : '';
}

function short(text: string): string {
  return text.length > MOST_CHARACTERS.item ? `${text.slice(0, MOST_CHARACTERS.item)} …` : text;
}

function unpointed(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
