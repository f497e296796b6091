import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostParser, parseOffThread } from '../../daemon/parse/parse-host.ts';
import { entriesOf, SMALL_HOST } from '../state-schema/state-files.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const ENTRIES = entriesOf({ 'hosts/nas/base.yaml': SMALL_HOST });
const LIMITS = { timeoutMs: PATIENCE_MS, memoryMib: 512 };

function large(): ReturnType<typeof entriesOf> {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `  /data/work/d${index}: { owner: ann, mode: "2775" }\n`,
  );
  return [...ENTRIES, ...entriesOf({ 'hosts/nas/more.yaml': `directories:\n${lines.join('')}` })];
}

test('a state comes over whole, and its maps still have no prototype', async () => {
  const outcome = await parseOffThread({ host: 'nas', entries: ENTRIES });

  assert.ok(outcome.ok);
  assert.equal(outcome.state.host.name, 'nas');
  assert.equal(outcome.state.shares['constructor'], undefined);
  assert.equal(Object.getPrototypeOf(outcome.state.directories), null);
});

test('problems come over whole', async () => {
  const outcome = await parseOffThread({ host: 'ghost', entries: ENTRIES });

  assert.ok(!outcome.ok);
  assert.deepEqual(
    outcome.problems.map(({ code }) => code),
    ['host-missing'],
  );
  assert.equal('fault' in outcome, false);
});

test('the caller keeps its bytes, and only the window into a larger buffer goes over', async () => {
  const pack = new Uint8Array(1_000_000);
  const text = new TextEncoder().encode(SMALL_HOST);
  pack.set(text, 500_000);
  const bytes = pack.subarray(500_000, 500_000 + text.length);

  const outcome = await parseOffThread({
    host: 'nas',
    entries: [{ path: 'hosts/nas/base.yaml', type: 'file', size: bytes.length, bytes }],
  });

  assert.ok(outcome.ok);
  assert.equal(pack.length, 1_000_000);
  assert.deepEqual(bytes, text);
});

test('what takes too long is refused as too large', async () => {
  const outcome = await parseOffThread({ host: 'nas', entries: large() }, undefined, {
    ...LIMITS,
    timeoutMs: 1,
  });

  assert.ok(!outcome.ok);
  assert.deepEqual(
    outcome.problems.map(({ code, file }) => [code, file]),
    [['too-large', 'hosts/nas']],
  );
});

test('what takes too much memory is refused as too large, and the process lives', async () => {
  const outcome = await parseOffThread({ host: 'nas', entries: large() }, undefined, {
    ...LIMITS,
    memoryMib: 8,
  });

  assert.ok(!outcome.ok);
  assert.match(outcome.problems[0]?.message ?? '', /8 MiB of memory/);
});

test('an abort ends the wait with its own reason', async () => {
  const reason = new Error('a newer revision came');
  const controller = new AbortController();

  const waiting = parseOffThread({ host: 'nas', entries: large() }, controller.signal);
  controller.abort(reason);

  await assert.rejects(waiting, (error) => error === reason);
  await assert.rejects(
    parseOffThread({ host: 'nas', entries: ENTRIES }, controller.signal),
    (error) => error === reason,
  );
});

test('a thread that cannot read what it was given is a fault, not a verdict on the files', async () => {
  const broken = { host: 'nas', entries: [{ path: 7, type: 'file', size: 0 }] } as unknown as Parameters<
    typeof parseOffThread
  >[0];

  const outcome = await parseOffThread(broken);

  assert.ok(!outcome.ok && 'fault' in outcome);
  assert.equal(outcome.fault.reason, 'RevisionUnreadable');
});

test('one parser reads one host after another, also after one that was too much', async () => {
  await using parser = new HostParser(LIMITS);
  parser.warm();

  const first = await parser.parse({ host: 'nas', entries: ENTRIES });
  const second = await parser.parse({ host: 'ghost', entries: ENTRIES });
  const both = await Promise.all([
    parser.parse({ host: 'nas', entries: large() }),
    parser.parse({ host: 'nas', entries: ENTRIES }),
  ]);

  assert.deepEqual([first.ok, second.ok, ...both.map(({ ok }) => ok)], [true, false, true, true]);
  assert.ok(both[0].ok && Object.keys(both[0].state.directories).length > 10_000);
});
