import type { Refusal } from './control.ts';
import { refuse } from './refuse.ts';

const REVISION = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Why a text is no whole commit id; undefined when it is one. Part of one could come to mean another commit. */
export function checkRevision(text: string): Refusal | undefined {
  if (REVISION.test(text)) return undefined;
  return refuse({
    reason: 'RewriteRefused',
    message: `${JSON.stringify(text)} is not a whole commit id (40 hexadecimal digits)`,
    next: 'anchord status shows the id to accept',
  });
}
