import type { HttpRequest } from './http-request.ts';
import type { Message } from './message.ts';
import type { ParsedAddress } from './address.ts';

type Address = Extract<ParsedAddress, { kind: 'address' }>;

/** 5 breaks through "do not disturb", 3 is the usual; https://docs.ntfy.sh/publish/#message-priority */
const PRIORITY: Readonly<Record<Message['event'], number>> = {
  guard: 5,
  failed: 4,
  overdue: 4,
  recovered: 3,
  test: 3,
};
/** Names of emojis that the apps show; https://docs.ntfy.sh/emojis/ */
const TAGS: Readonly<Record<Message['event'], string>> = {
  guard: 'rotating_light',
  failed: 'x',
  overdue: 'hourglass',
  recovered: 'white_check_mark',
  test: 'wave',
};

/**
 * Publishes a message to an ntfy topic. As JSON, which goes to the server and names the topic, because a header takes no
 * text beyond ASCII; the id as sequence id, by which servers from 2.16 on replace a second copy. Pure.
 */
export function ntfyRequest({ url, authorization }: Address, message: Message): HttpRequest {
  const cut = url.pathname.replace(/\/+$/, '').lastIndexOf('/');
  const topic = decodeURIComponent(url.pathname.replace(/\/+$/, '').slice(cut + 1));
  const server = new URL(url);
  server.pathname = url.pathname.slice(0, cut + 1);
  return {
    url: server,
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({
      topic,
      title: message.title,
      message: message.text,
      priority: PRIORITY[message.event],
      tags: [TAGS[message.event]],
      sequence_id: message.id,
    }),
  };
}
