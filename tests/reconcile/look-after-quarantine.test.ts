import assert from 'node:assert/strict';
import test from 'node:test';
import type { StateRepo } from '../../daemon/git/state-repo.ts';
import type { HostParser } from '../../daemon/parse/parse-host.ts';
import { look, type LookParts } from '../../daemon/reconcile/look.ts';
import type { Revisions } from '../../daemon/store/store.ts';
import { openVerifier, sign, SignedWorld } from '../git/signed-world.ts';

const GONE = 'b'.repeat(40);

test('while a revision that the mirror lost is in quarantine, every commit since the last good one must be signed', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const lastGood = sign(clone, anna.as);
  const unsigned = clone.commit({ 'a.txt': 'a' });
  const tip = sign(clone, anna.as);
  const repo = await world.repo(tip);
  const verifier = await openVerifier(keys, [keys.allow('ssh', anna.line)]);

  const found = await look(
    { revisions: quarantined(GONE, lastGood) },
    { ...partsOf(repo), verifier },
    new AbortController().signal,
  );

  assert.equal(found.kind === 'rejected' && found.commit?.sha, unsigned);
});

test('a revision in quarantine is not tried again when the remote names another one and then brings it', async () => {
  await using world = await SignedWorld.make();
  const lastGood = world.clone.commit({});
  const bad = world.clone.commit({ 'a.txt': 'a' });
  const repo = await world.repo(bad);
  const both = [bad, GONE].map((revision) => ({ revision, ...ABOUT }));
  const revisions = { ...quarantined(GONE, lastGood), quarantined: both };

  const found = await look(
    { revisions },
    partsOf(namedAs('c'.repeat(40), repo)),
    new AbortController().signal,
  );

  assert.equal(found.kind === 'rejected' && found.fault.reason, 'RolledBack');
});

const ABOUT = {
  reason: 'ResourcesFailed',
  message: 'it failed',
  since: '2026-01-01T00:00:00Z',
  failed: ['link:/a'],
  isSettled: true,
} as const;

function quarantined(trusted: string, lastGood: string): Revisions {
  return { trusted, lastGood, quarantined: [{ revision: trusted, ...ABOUT }] };
}

/** Nothing gets as far as being parsed. */
function partsOf(repo: StateRepo): LookParts {
  return { repo, parser: {} as HostParser, host: 'tank', allow: {} as LookParts['allow'], emit() {} };
}

/** A remote that is moved between the two questions. */
function namedAs(tip: string, repo: StateRepo): StateRepo {
  return {
    tip: () => Promise.resolve(tip),
    fetch: () => repo.fetch(),
    descends: (base: string, revision: string) => repo.descends(base, revision),
  } as unknown as StateRepo;
}
