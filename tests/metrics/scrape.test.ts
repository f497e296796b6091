import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostRig } from '../rig/host-rig.ts';
import { checkMetrics } from './promtool.ts';

async function scrape(rig: HostRig, host?: string): Promise<Response> {
  const { url } = await rig.anchord.event('daemon.listening');
  const headers = { connection: 'close', ...(host === undefined ? {} : { 'x-forwarded-host': host }) };
  return fetch(new URL('metrics', url), { headers });
}

test('a running daemon serves metrics that promtool accepts, and that follow what happens', async () => {
  await using rig = await HostRig.start();
  const revision = rig.clone().push({ 'hosts/motoko/directories.yaml': 'directories: {' });
  await rig.anchord.event('revision.rejected', (event) => event.revision === revision);
  await rig.nextRound();

  const answer = await scrape(rig);
  const text = await answer.text();

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(checkMetrics(text), '');
  assert.match(text, /^anchord_build_info\{version="[^"]+",host="motoko",node="v\d/m);
  assert.match(text, /^anchord_looks_total\{cause="start",result="accepted"\} 1$/m);
  assert.match(text, /^anchord_looks_total\{cause="\w+",result="rejected"\} [1-9]/m);
  assert.match(text, /^anchord_volume_guard_passed\{volume="data"\} 1$/m);
  assert.match(text, /^anchord_policy_next_run_timestamp_seconds\{policy="nightly"\} \d+$/m);
  assert.match(text, /^anchord_revision_info\{which="applied",revision="[0-9a-f]{40}"\} 1$/m);
  assert.match(text, /^process_resident_memory_bytes [1-9]/m);
});

test('the metrics are for this machine and the names on the list, as the page is', async () => {
  await using rig = HostRig.make();
  await rig.run();

  assert.equal((await scrape(rig, 'evil.example')).status, 421);
  assert.equal((await scrape(rig)).status, 200);
});
