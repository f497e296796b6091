import type { Finding } from '../parse/finding.ts';
import type { CheckContext } from './check-context.ts';

const CHANNELS = ['ntfy', 'webhook', 'healthchecks'] as const;

/** Each receiver of news is reached in exactly one way. */
export function checkNotify({ state }: CheckContext): readonly Finding[] {
  return state.notify.flatMap((target, index): Finding[] => {
    const given = CHANNELS.filter((channel) => target[channel] !== undefined);
    if (given.length === 1) return target.signedWith === undefined ? [] : [...signedWith(given, index)];
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

/** A key that nothing is signed with would be taken for protection. */
function signedWith(given: readonly string[], index: number): readonly Finding[] {
  if (given[0] === 'webhook') return [];
  const message = `signedWith stands beside ${given.join()}: only what a webhook gets is signed, so take it out`;
  return [
    {
      code: 'unknown-key',
      at: ['notify', index, 'signedWith'],
      on: 'key',
      message,
      found: 'signedWith',
      expected: 'webhook beside it',
    },
  ];
}
