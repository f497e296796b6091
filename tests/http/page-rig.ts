import type { FastifyInstance } from 'fastify';
import { EventHub } from '../../daemon/event-hub.ts';
import type { Emit } from '../../daemon/events.ts';
import { pageServer, type PageServerParts } from '../../daemon/http/page-server.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { calmStatus } from '../page/sample-status.ts';

/** A hub that says when somebody begins or ends to listen. */
export class CountingHub extends EventHub {
  #listening = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  override listen(listener: Emit): () => void {
    const stop = super.listen(listener);
    this.#change(1);
    return () => {
      stop();
      this.#change(-1);
    };
  }

  /** Resolves when exactly so many listen. */
  async listening(count: number): Promise<void> {
    if (this.#listening === count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  #change(by: number): void {
    this.#listening += by;
    const due = this.#waiting.filter((one) => one.count === this.#listening);
    this.#waiting = this.#waiting.filter((one) => one.count !== this.#listening);
    for (const { resolve } of due) resolve();
  }
}

/** A page server over a calm host. */
export function pageOver(parts: Partial<PageServerParts> = {}): FastifyInstance {
  return pageServer({
    listen: { host: '127.0.0.1', port: 8420 },
    hosts: [],
    page: new Map([
      ['index.html', Buffer.from('<!doctype html>')],
      ['assets/page.css', Buffer.from('body {}')],
    ]),
    compose: async () => ({ status: calmStatus(new Date('2026-11-21T12:00:00Z')), history: emptyHistory() }),
    hub: new EventHub(),
    isReady: () => true,
    stuck: () => undefined,
    metrics: async () => '# none\n',
    onStreamCutOff: () => {},
    ...parts,
  });
}
