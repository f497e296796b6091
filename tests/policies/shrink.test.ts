import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shrink } from '../../daemon/policies/shrink.ts';

const MIB = 1024 * 1024;

test('a snapshot about as big as recent ones is good, and so is the first and a bigger one', () => {
  assert.equal(asked({ files: 80, bytes: 80 * MIB }, [size(100), size(100), size(100)]), undefined);
  assert.equal(asked(size(1), []), undefined);
  assert.equal(asked(size(500), [size(100)]), undefined);
});

test('one with far fewer files, or bytes, than the median of recent ones is not, and the figures are told', () => {
  const before = [size(100), size(5_000), size(100), size(90), size(100)];

  assert.match(asked({ files: 79, bytes: 100 * MIB }, before) ?? '', /79 files instead of 100.*20% less/);
  assert.match(asked({ files: 100, bytes: 10 * MIB }, before) ?? '', /^it holds 10485760 bytes instead of/);
  assert.match(asked(size(10), before) ?? '', /files instead of 100 and .* bytes instead of/);
});

test('without a limit of the policy, what a person deletes in an afternoon is no drop', () => {
  assert.equal(asked({ files: 1, bytes: 10 }, [{ files: 11, bytes: 10 * MIB }]), undefined);
  assert.match(asked({ files: 0, bytes: 0 }, [{ files: 1, bytes: 3 }]) ?? '', /holds no file/);
});

test('a limit of the policy is meant to the letter', () => {
  const before = [{ files: 10, bytes: 100 }];

  assert.match(asked({ files: 9, bytes: 100 }, before, '5%') ?? '', /9 files instead of 10.*5% less/);
  assert.equal(asked({ files: 9, bytes: 90 }, before, '10%'), undefined);
  assert.match(asked({ files: 10, bytes: 99 }, before, '0%') ?? '', /99 bytes/);
  assert.equal(asked({ files: 10, bytes: 100 }, before, '0%'), undefined);
});

test('what anchord itself took away may leave less than nothing to compare with', () => {
  assert.equal(asked(size(0), [{ files: -5, bytes: -5 }]), undefined);
});

function size(files: number): { readonly files: number; readonly bytes: number } {
  return { files, bytes: files * MIB };
}

function asked(
  now: { readonly files: number; readonly bytes: number },
  before: readonly { readonly files: number; readonly bytes: number }[],
  limit?: string,
): string | undefined {
  return shrink({ now, before, limit });
}
