import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';

/** What the page shows. */
export interface PageData {
  readonly status: Status;
  readonly history: History;
  /** Whether the page is served by the daemon and can listen to its events. */
  readonly live: boolean;
}

/**
 * The page's data as a classic script, `data.js`: the one way to hand data to a page opened by `file://`, where
 * neither `fetch` nor modules work.
 */
export function dataScript(data: PageData): string {
  const { live, status, history } = data;
  return `window.ANCHORD = ${scriptLiteral({ live, status, history })};\n`;
}

/**
 * JSON is JavaScript but for two things: `"__proto__":` sets the prototype unless the key is computed, and `</script>`
 * or `<!--` would mean something if a host pasted the script into a page. U+2028 and U+2029 end a line in old engines.
 */
function scriptLiteral(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(/(?<=[{,])"__proto__":/gu, '["__proto__"]:')
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}
