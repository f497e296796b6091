import type { Finding } from '../parse/finding.ts';
import type { CheckContext } from './check-context.ts';

const CHANNELS = ['ntfy', 'webhook', 'healthchecks'] as const;

/** Each receiver of news is reached in exactly one way. */
export function checkNotify({ state }: CheckContext): readonly Finding[] {
  return state.notify.flatMap((target, index): Finding[] => {
    const given = CHANNELS.filter((channel) => target[channel] !== undefined);
    if (given.length === 1) return [];
    const found = given.length === 0 ? 'none' : given.join(' and ');
    const message = `an entry of notify has ${found} of ntfy, webhook and healthchecks; exactly one is expected, so make an entry for each`;
    return [
      {
        code: 'missing-key',
        at: ['notify', index],
        on: 'value',
        message,
        found,
        expected: 'one of ntfy, webhook, healthchecks',
      },
    ];
  });
}
