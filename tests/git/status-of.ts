import type { PublishRequest } from '../../daemon/git/status-branch.ts';

/** A status commit with these files and the usual words. */
export function statusOf(files: Readonly<Record<string, string | Uint8Array>>): PublishRequest {
  return {
    files: new Map(Object.entries(files)),
    subject: 'motoko: run ok',
    trailers: new Map([
      ['Config-Commit', 'c0ffee'],
      ['Result', 'ok'],
    ]),
    time: new Date('2026-11-21T03:00:00Z'),
  };
}
