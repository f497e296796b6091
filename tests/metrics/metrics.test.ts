import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { GuardedVolume } from '../../daemon/guards/volume-guard.ts';
import { METRICS, renderMetrics } from '../../daemon/metrics/render-metrics.ts';
import { checkMetrics } from './promtool.ts';
import { sampleFacts } from './sample-facts.ts';

const FLUX: GuardedVolume = {
  name: 'flux',
  volume: { mount: '/flux' },
  verdict: { kind: 'passed', device: 1 },
  seen: {
    top: { kind: 'directory', device: 1, parentDevice: 2 },
    sentinel: { kind: 'absent' },
    disk: { sizeBytes: 1000, freeBytes: 123 },
  },
};

/** The value of one series; undefined when it is not served. */
function valueIn(scrape: string, series: string): number | undefined {
  const line = scrape.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test('docs/metrics.md names exactly what is served, with its kind and its labels', () => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| `([a-z_]+)` \| (gauge|counter) \|([^|]*)\|/gm)].map(
    ([, name, kind, labels = '']) => `${name} ${kind} ${labels.replaceAll('`', '').trim()}`,
  );

  const served = METRICS.map(({ name, kind, labels }) => `${name} ${kind} ${labels.join(' ')}`);

  assert.deepEqual(told.toSorted(), served.toSorted());
});

test('promtool finds nothing to complain of', async () => {
  const scrape = await renderMetrics(sampleFacts({ volumes: [FLUX] }));

  assert.equal(checkMetrics(scrape), '');
  for (const { name } of METRICS) assert.match(scrape, new RegExp(`^# HELP ${name} `, 'm'));
});

test('what is no longer true is gone from the next scrape', async () => {
  const calm = sampleFacts({ volumes: [FLUX] });
  const before = await renderMetrics(calm);
  const gone: GuardedVolume = {
    ...FLUX,
    verdict: { kind: 'failed', fault: { reason: 'NotMounted', message: '' } },
    seen: { top: { kind: 'absent' }, sentinel: { kind: 'absent' } },
  };
  const [first, ...others] = calm.status.conditions;
  assert.ok(first?.type === 'Ready');
  const conditions = [{ ...first, status: 'False' as const }, ...others];
  const after = await renderMetrics({
    ...calm,
    revisions: {},
    volumes: [gone],
    status: { ...calm.status, conditions, policies: [] },
  });

  assert.equal(valueIn(before, 'anchord_condition{type="Ready",status="True"}'), 1);
  assert.equal(valueIn(after, 'anchord_condition{type="Ready",status="True"}'), 0);
  assert.equal(valueIn(after, 'anchord_condition{type="Ready",status="False"}'), 1);
  assert.equal(valueIn(before, 'anchord_volume_guard_passed{volume="flux"}'), 1);
  assert.equal(valueIn(after, 'anchord_volume_guard_passed{volume="flux"}'), 0);
  assert.equal(valueIn(before, 'anchord_volume_free_bytes{volume="flux"}'), 123);
  assert.equal(valueIn(after, 'anchord_volume_free_bytes{volume="flux"}'), undefined);
  assert.match(before, /^anchord_revision_info\{which="trusted",revision="a{40}"\} 1$/m);
  assert.doesNotMatch(after, /^anchord_revision_info\{/m);
  assert.match(before, /^anchord_policy_state\{policy="flux-local",/m);
  assert.doesNotMatch(after, /^anchord_policy_/m);
});

test('a policy is in one state, and its last run had one outcome', async () => {
  const facts = sampleFacts();
  const scrape = await renderMetrics(facts);

  for (const { name } of facts.status.policies) {
    const states = scrape
      .split('\n')
      .filter((line) => line.startsWith(`anchord_policy_state{policy="${name}"`));
    assert.equal(states.length, 8);
    assert.equal(states.filter((line) => line.endsWith(' 1')).length, 1);
  }
  assert.equal(valueIn(scrape, 'anchord_policy_last_run_outcome{policy="flux-local",outcome="ok"}'), 1);
  assert.equal(valueIn(scrape, 'anchord_policy_last_run_outcome{policy="flux-local",outcome="failed"}'), 0);
});

test('a push cannot make the scrape grow without end', async () => {
  const facts = sampleFacts();
  const [policy] = facts.status.policies;
  assert.ok(policy !== undefined);
  const policies = Array.from({ length: 5000 }, (_, n) => ({ ...policy, name: `p${n}` }));
  const volumes = Array.from({ length: 5000 }, (_, n) => ({ ...FLUX, name: `v${n}` }));

  const scrape = await renderMetrics({ ...facts, volumes, status: { ...facts.status, policies } });

  assert.ok(scrape.split('\n').length < 5000, `${scrape.split('\n').length} lines`);
  assert.equal(valueIn(scrape, 'anchord_unlisted{what="policies"}'), 4800);
  assert.equal(valueIn(scrape, 'anchord_unlisted{what="volumes"}'), 4800);
});

test('nothing that anybody may name can break out of its label', async () => {
  const facts = sampleFacts();
  const [policy] = facts.status.policies;
  assert.ok(policy !== undefined);
  const odd = { ...policy, name: 'a"} 1\nanchord_build_info{version="0' };

  const scrape = await renderMetrics({ ...facts, status: { ...facts.status, policies: [odd] } });

  assert.equal(checkMetrics(scrape), '');
  assert.equal(scrape.split('\n').filter((line) => line.startsWith('anchord_build_info{')).length, 1);
});
