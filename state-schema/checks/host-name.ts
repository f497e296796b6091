import type { Finding } from '../parse/finding.ts';
import { checkTimezone } from '../schedule.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';

/** The host is described, under the name of its folder, in a time zone that exists. */
export function checkHostName({ state, folder, isWhole, broken }: CheckContext): readonly Finding[] {
  const { host } = state;
  if (host === undefined) {
    if (!isWhole || broken.has('host')) return [];
    const expected = `host: { name: ${folder}, timezone: … }`;
    const message = `no file of hosts/${folder} says what host it is; write ${expected}`;
    return [{ code: 'missing-key', at: ['host'], on: 'key', message, expected }];
  }
  const findings: Finding[] = [];
  if (host.name !== folder) {
    const message = `the host is called ${quote(host.name)} here, and ${folder} by its folder; make both the same`;
    const at = ['host', 'name'];
    findings.push({
      code: 'wrong-value',
      at,
      on: 'value',
      message,
      found: quote(host.name),
      expected: folder,
    });
  }
  const fault = checkTimezone(host.timezone);
  if (fault !== undefined) {
    const message = `the time zone ${quote(host.timezone)} cannot be used: ${fault}`;
    const expected = 'a name of the IANA database, such as Europe/Berlin';
    findings.push({
      code: 'timezone',
      at: ['host', 'timezone'],
      on: 'value',
      message,
      found: quote(host.timezone),
      expected,
    });
  }
  return findings;
}
