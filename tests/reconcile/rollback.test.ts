import assert from 'node:assert/strict';
import test from 'node:test';
import type { Reason, ResourceStatus } from '../../state-schema/generated/status.ts';
import {
  beginTrial,
  enforcedRevision,
  judgePass,
  quarantineOf,
  release,
  type EndedPass,
} from '../../daemon/reconcile/rollback.ts';
import type { Revisions } from '../../daemon/store/store.ts';

const NOW = '2026-11-21T03:00:00Z';

test('a revision whose pass ends with nothing failed is the last good one', () => {
  const host = new SimulatedHost();

  host.push('a', []);

  assert.equal(host.memory.lastGood, 'a');
  assert.equal(host.inForce, 'a');
});

test('what fails anew goes back, is not tried again, and a fix ends it', () => {
  const host = new SimulatedHost();
  host.push('a', []);

  host.push('b', ['directory:/x']);
  host.round();
  host.round();

  assert.equal(host.inForce, 'a');
  assert.equal(host.memory.trusted, 'b');
  assert.equal(quarantineOf(host.memory)?.isSettled, true);
  assert.deepEqual(host.history, ['a', 'b', 'a']);

  host.push('c', []);
  assert.equal(host.inForce, 'c');
  assert.equal(host.memory.lastGood, 'c');
  assert.equal(host.memory.quarantined, undefined);
});

test('the first revision ever has nothing to go back to', () => {
  const host = new SimulatedHost();

  host.push('a', ['directory:/x']);

  assert.deepEqual(host.history, ['a']);
  assert.equal(host.memory.quarantined, undefined);
});

test('without the wish to go back nothing goes back', () => {
  const host = new SimulatedHost({ rollback: false });
  host.push('a', []);

  host.push('b', ['directory:/x']);

  assert.deepEqual(host.history, ['a', 'b']);
});

test('what failed under the last good one already is not the fault of the next', () => {
  const host = new SimulatedHost();
  host.push('a', []);
  host.broken.add('directory:/x');
  host.round();

  host.push('b', []);
  host.push('c', []);

  assert.deepEqual(host.history, ['a', 'b', 'c']);
});

test('when everything it is blamed for fails under the last good one too, it is taken again and kept', () => {
  const host = new SimulatedHost();
  host.push('a', []);
  host.breaksDuring('b', 'directory:/x');

  host.push('b', []);
  host.round();
  host.round();

  assert.deepEqual(host.history, ['a', 'b', 'a', 'b']);
  assert.equal(host.memory.quarantined?.length ?? 0, 0);
});

test('volumes and disks are nobody’s fault', () => {
  for (const [id, reason] of [
    ['volume:data', 'NotMounted'],
    ['directory:/x', 'NoSpace'],
    ['directory:/x', 'InputOutputError'],
  ] as const) {
    const host = new SimulatedHost({ reason });
    host.push('a', []);

    host.push('b', [id]);

    assert.deepEqual(host.history, ['a', 'b'], id);
    assert.equal(host.memory.lastGood, 'a');
  }
});

test('a release tries it once more, and goes back again if it is still bad', () => {
  const host = new SimulatedHost();
  host.push('a', []);
  host.push('b', ['directory:/x']);

  host.release();
  assert.deepEqual(host.history, ['a', 'b', 'a', 'b', 'a']);

  host.mend('b');
  host.release();
  assert.equal(host.inForce, 'b');
  assert.equal(host.memory.lastGood, 'b');
  assert.equal(release(host.memory, []), undefined);
});

test('going back to the last good one by a push keeps the memory of the bad one', () => {
  const host = new SimulatedHost();
  host.push('a', []);
  host.push('b', ['directory:/x']);

  host.push('a', []);

  assert.equal(host.inForce, 'a');
  assert.equal(host.memory.trusted, 'a');
  assert.deepEqual(
    host.memory.quarantined?.map(({ revision }) => revision),
    ['b'],
  );
});

test('whatever happens, no revision flaps, a bad one stays out, and every standstill is one', () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = randomOf(seed);
    const host = new SimulatedHost({ crashes: () => random() < 0.3 });
    for (let n = 0; n < 12; n++) {
      const dice = random();
      if (dice < 0.5) host.push(`r${n}`, random() < 0.5 ? [] : [pick(random)]);
      else if (dice < 0.65) host.broken.add(pick(random));
      else if (dice < 0.8) host.broken.clear();
      else host.round();

      const { trusted, lastGood } = host.memory;
      assert.ok(host.inForce === trusted || host.inForce === lastGood, `seed ${seed}: ${host.inForce}`);
      host.round();
      host.round();
      const after = JSON.stringify(host.memory);
      host.round();
      assert.equal(JSON.stringify(host.memory), after, `seed ${seed} never stands still`);
    }
    // Once in and once again at the most, unless it is the good one that others go back to.
    for (const revision of new Set(host.history)) {
      const times = host.history.filter((one) => one === revision).length;
      assert.ok(times <= 2 || host.goods.has(revision), `seed ${seed}: ${revision} was tried ${times} times`);
    }
  }
});

/** A host that is only memory: what fails is decided by the test, and a crash may come at any step. */
class SimulatedHost {
  memory: Revisions = {};
  /** What fails whatever the revision. */
  readonly broken = new Set<string>();
  /** Each revision that a pass was made for, without those that repeat. */
  readonly history: string[] = [];
  readonly goods = new Set<string>();
  readonly #faults = new Map<string, readonly string[]>();
  readonly #breaks = new Map<string, string>();
  readonly #reason: Reason;
  readonly #rollback: boolean;
  readonly #crashes: () => boolean;
  #failing: readonly string[] = [];

  constructor(
    options: {
      readonly reason?: Reason;
      readonly rollback?: boolean;
      readonly crashes?: () => boolean;
    } = {},
  ) {
    this.#reason = options.reason ?? 'NotADirectory';
    this.#rollback = options.rollback ?? true;
    this.#crashes = options.crashes ?? (() => false);
  }

  get inForce(): string | undefined {
    return enforcedRevision(this.memory);
  }

  push(revision: string, faults: readonly string[]): void {
    this.#faults.set(revision, faults);
    this.#save({ trusted: revision, ...beginTrial(this.memory, revision, this.#failing) });
    this.round();
  }

  /** Something breaks for good while this revision is tried. */
  breaksDuring(revision: string, id: string): void {
    this.#breaks.set(revision, id);
  }

  mend(revision: string): void {
    this.#faults.set(revision, []);
  }

  release(): void {
    const change = release(this.memory, this.#failing);
    if (change !== undefined) this.#save(change);
    this.round();
  }

  /** One round of the loop: passes until nothing more is to be done. */
  round(): void {
    for (let passes = 0; passes < 10; passes++) {
      const revision = this.inForce;
      if (revision === undefined) return;
      const pass = this.#pass(revision);
      const step = judgePass(this.memory, pass);
      // Killed before anything was kept: the next start makes the same pass again.
      if (this.#crashes()) continue;
      if (step.change !== undefined) this.#save(step.change);
      if (step.kind === 'good') this.goods.add(revision);
      if (step.kind === 'go-on' || step.kind === 'good') return;
    }
    assert.fail('a round that does not end');
  }

  #pass(revision: string): EndedPass {
    const breaks = this.#breaks.get(revision);
    if (breaks !== undefined) this.broken.add(breaks);
    if (this.history.at(-1) !== revision) this.history.push(revision);
    this.#failing = [...new Set([...this.broken, ...(this.#faults.get(revision) ?? [])])];
    const failed = this.#failing.map((id) => ({
      id,
      kind: id.slice(0, id.indexOf(':')) as ResourceStatus['kind'],
      reason: this.#reason,
    }));
    return { revision, failed, rollback: this.#rollback, now: NOW };
  }

  #save(change: { readonly [K in keyof Revisions]?: Revisions[K] | null }): void {
    const entries = Object.entries({ ...this.memory, ...change }).filter(([, value]) => value !== null);
    this.memory = Object.fromEntries(entries);
  }
}

function pick(random: () => number): string {
  return `directory:/${'wxyz'.charAt(Math.floor(random() * 4))}`;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
