import assert from 'node:assert/strict';
import test from 'node:test';
import { statusReadme } from '../../daemon/page/status-readme.ts';
import { HOSTILE, hostileHistory, hostileStatus } from './hostile-status.ts';
import { emptyHistory, sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';
import { firstStatus, troubledStatus } from './troubled-status.ts';

const now = new Date('2026-11-21T20:00:00Z');

test('the README begins with the host and the sentence', () => {
  const lines = statusReadme(calmStatus(now), sampleHistory(now)).split('\n');

  assert.equal(lines[0], '# motoko');
  assert.match(lines[2] ?? '', /^\*\*Everything is in order/);
});

test('the README says from when on the state is unknown', () => {
  const text = statusReadme(calmStatus(now), sampleHistory(now));

  assert.match(text, /Said at 2026-11-21T19:58:00Z .* more than 2 hours later, the state is unknown/);
});

test('times and ordinary names stay readable in the source too', () => {
  const status = {
    ...calmStatus(now),
    summary: { level: 'ok' as const, sentence: 'America/New_York, 2026-11-21T03:00:00Z' },
  };

  assert.match(statusReadme(status, sampleHistory(now)), /\*\*America\/New_York, 2026-11-21T03:00:00Z\*\*/);
});

test('a reason that begins like a list is still a sentence', () => {
  const reasons = ['1. not a list', '- nor this', '=== nor a heading'];

  const lines = reasons.map((reason) => {
    const status = { ...calmStatus(now), summary: { level: 'ok' as const, sentence: 'Fine.', reason } };
    return statusReadme(status, sampleHistory(now)).split('\n')[4];
  });

  assert.deepEqual(lines, ['1\\. not a list', '\\- nor this', '\\=== nor a heading']);
});

test('a rejected revision is explained with file, line and column', () => {
  const text = statusReadme(troubledStatus(now), sampleHistory(now));

  assert.match(text, /\| `hosts\/motoko\/policies\.yaml:14:5` \| unknown key/);
});

test('sections without content are left out', () => {
  const text = statusReadme(firstStatus(now), emptyHistory());

  assert.deepEqual(
    [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
    ['Conditions', 'Audit'],
  );
});

test('every table row has as many cells as its head, whatever the names are', () => {
  const text = statusReadme(hostileStatus(now), hostileHistory(now));

  for (const part of text.split(/\n\n+/)) {
    const rows = part.split('\n').filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.match(/(?<!\\)\|/g)?.length);
    assert.equal(new Set(cells).size, rows.length === 0 ? 0 : 1, part);
  }
});

test('names cannot become markup, links, mentions or lines of their own', () => {
  const text = statusReadme(hostileStatus(now), hostileHistory(now));

  const outsideCode = text.replaceAll(/(`+)[^`].*?\1(?!`)/g, '');
  assert.doesNotMatch(outsideCode, /<(img|script|b)\b/);
  assert.doesNotMatch(outsideCode, /(?<!\\)\[click(?<!\\)\]/);
  assert.doesNotMatch(outsideCode, /(?<!\\)@everyone|www\.example|https:\/\/|(?<!\\):smile:|(?<!\\)_e/);
  assert.ok(!text.includes('\u202E') && !text.includes('\u2028') && !text.includes('\u0007'));
  assert.ok(text.includes('two⟨U+000A⟩lines⟨U+2028⟩and⟨U+0007⟩bell'));
  assert.ok(text.includes(HOSTILE.long));
});
