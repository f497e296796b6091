import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { Clock } from '../../../daemon/clock.ts';
import {
  PlanBook,
  type JudgedRemoval,
  type RemovalVerdict,
} from '../../../daemon/policies/plans/plan-book.ts';
import type { PolicyPlan } from '../../../daemon/policies/plans/policy-plan.ts';
import { openSqliteStore } from '../../../daemon/store/sqlite-store.ts';

const HOUR_MS = 3_600_000;

test('the first removal of a policy waits until a person accepts its list, and later ones do not', async () => {
  await using rig = await bookRig();

  const first = waiting(await rig.book.judge(removal(['a', 'b'])));
  const accepted = await rig.book.accept({ policy: 'purge', subject: '/t', id: first.id });
  const second = await begun(rig.book, removal(['a', 'b']));
  const third = await begun(rig.book, removal(['c']));

  assert.equal(first.why.reason, 'FirstRun');
  assert.equal(accepted.kind === 'accepted' && accepted.until, '2026-11-22T12:00:00Z');
  assert.deepEqual(second, ['a', 'b']);
  assert.deepEqual(third, ['c']);
});

test('a removal past its limit waits, and what a person accepted goes once', async () => {
  await using rig = await bookRig({ acceptsFirst: true });
  const many = removal(['a', 'b', 'c'], { limit: 2 });

  const plan = waiting(await rig.book.judge(many));
  await rig.book.accept({ policy: 'purge', subject: '/t', id: plan.id });
  const went = await begun(rig.book, many);
  const again = waiting(await rig.book.judge(many));

  assert.equal(plan.why.reason, 'LimitExceeded');
  assert.deepEqual(went, ['a', 'b', 'c']);
  assert.equal(again.id, plan.id);
});

test('of an accepted list goes what is still there to go, and nothing that came to it', async () => {
  await using rig = await bookRig();
  const plan = waiting(await rig.book.judge(removal(['a', 'b'])));
  await rig.book.accept({ policy: 'purge', subject: '/t', id: plan.id });

  const went = await begun(rig.book, removal(['b', 'c']));

  assert.deepEqual(went, ['b']);
});

test('what cannot be divided goes as it was accepted, or waits again', async () => {
  await using rig = await bookRig();
  const whole = { isDivisible: false };
  const plan = waiting(await rig.book.judge(removal(['a', 'b'], whole)));
  await rig.book.accept({ policy: 'purge', subject: '/t', id: plan.id });

  const more = waiting(await rig.book.judge(removal(['a', 'b', 'c'], whole)));
  const fewer = await begun(rig.book, removal(['a'], whole));

  assert.notEqual(more.id, plan.id);
  assert.deepEqual(fewer, ['a']);
});

test('an acceptance holds for a day, over a restart, and not before it was given', async () => {
  await using rig = await bookRig();
  const plan = waiting(await rig.book.judge(removal(['a'])));
  await rig.book.accept({ policy: 'purge', subject: '/t', id: plan.id });
  async function kindAfter(hours: number): Promise<string> {
    rig.time.setTime(Date.parse('2026-11-21T12:00:00Z') + hours * HOUR_MS);
    return (await rig.reopened().judge(removal(['a']))).kind;
  }

  assert.equal(await kindAfter(24), 'allowed');
  assert.equal(await kindAfter(25), 'waits');
  assert.equal(await kindAfter(-1), 'waits');
});

test('another tree under the same name is a first removal again, and its plan is not the old one', async () => {
  await using rig = await bookRig();
  const plan = waiting(await rig.book.judge(removal(['a'])));
  await rig.book.accept({ policy: 'purge', subject: '/t', id: plan.id });

  const other = waiting(await rig.book.judge(removal(['a'], { subject: '/home' })));
  const refused = await rig.book.accept({ policy: 'purge', subject: '/home', id: plan.id });

  assert.equal(other.why.reason, 'FirstRun');
  assert.equal(refused.kind === 'refused' && refused.fault.reason, 'PlanUnknown');
});

test('an id is a plan that waits or it is refused, whatever it looks like', async () => {
  await using rig = await bookRig();
  await rig.book.judge(removal(['a']));

  for (const id of ['0000000000000000', '../../../../etc/passwd', '', 'x']) {
    const answer = await rig.book.accept({ policy: 'purge', subject: '/t', id });
    assert.equal(answer.kind === 'refused' && answer.fault.reason, 'PlanUnknown', id);
  }
});

test('a plan that somebody edited on disk cannot be accepted', async () => {
  await using rig = await bookRig();
  const { id } = waiting(await rig.book.judge(removal(['a'])));
  const file = join(rig.folder, 'plans/purge', `${id}.json`);
  await writeFile(file, (await readFile(file, 'utf8')).replace('"a"', '"everything"'));

  const answer = await rig.book.accept({ policy: 'purge', subject: '/t', id });

  assert.equal(answer.kind, 'refused');
});

test('the same list is the same plan in whatever order, and three plans of a policy are kept', async () => {
  await using rig = await bookRig();
  const one = waiting(await rig.book.judge(removal(['a', 'b'])));
  const same = waiting(await rig.book.judge(removal(['b', 'a'])));
  for (const name of ['c', 'd', 'e', 'f']) await rig.book.judge(removal([name]));

  assert.equal(one.id, same.id);
  assert.equal((await readdir(join(rig.folder, 'plans/purge'))).length, 3);
});

interface BookRig extends AsyncDisposable {
  readonly folder: string;
  readonly book: PlanBook;
  readonly time: Date;
  reopened(): PlanBook;
}

async function bookRig({ acceptsFirst = false } = {}): Promise<BookRig> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-plans-'));
  const store = await openSqliteStore({ file: join(folder, 'anchord.db') });
  const time = new Date('2026-11-21T12:00:00Z');
  const clock: Clock = { now: () => new Date(time), monotonic: () => 0 };
  function reopened(): PlanBook {
    return new PlanBook({ store, stateDir: folder, clock, acceptsFirst });
  }
  return {
    folder,
    book: reopened(),
    time,
    reopened,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function removal(names: readonly string[], change: Partial<JudgedRemoval> = {}): JudgedRemoval {
  const items = names.map((what) => ({ kind: 'remove' as const, what, bytes: 1 }));
  return { policy: 'purge', subject: '/t', items, of: 100, limit: undefined, isDivisible: true, ...change };
}

function waiting(verdict: RemovalVerdict): PolicyPlan {
  assert.ok(verdict.kind === 'waits', 'it was allowed');
  return verdict.plan;
}

async function begun(book: PlanBook, asked: JudgedRemoval): Promise<readonly string[]> {
  const verdict = await book.judge(asked);
  assert.ok(verdict.kind === 'allowed', 'it waits');
  await verdict.begin();
  return verdict.items.map(({ what }) => what);
}
