import type { Source } from '../../state-schema/generated/status.ts';
import { before } from './sample-time.ts';

/** The revision that sample hosts were last made to match. */
export const REVISION = '4f1c2a9b7d3e5f60718293a4b5c6d7e8f9012345';
/** A newer revision that sample hosts reject. */
export const REJECTED_REVISION = '9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a291807';

/** The newest commits of the sample state repo. */
export function commits(now: Date): Source['log'] {
  return [
    {
      sha: REVISION,
      subject: 'motoko: keep hourly snapshots of flux for a day',
      author: 'Mike',
      time: before(now, { days: 3 }),
    },
    {
      sha: 'b7a6958473625140f3e2d1c0b9a8978675645342',
      subject: 'motoko: add /space/datasets',
      author: 'Mike',
      time: before(now, { days: 9 }),
    },
    {
      sha: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      subject: 'common: start with one host',
      author: 'Jo',
      time: before(now, { days: 31 }),
    },
  ];
}
