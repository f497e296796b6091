import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, FileSeen } from '../../daemon/files/file-wants.ts';
import { explainSeen, type Explanation } from '../../daemon/reconcile/explain-seen.ts';

const THERE: FileSeen = { kind: 'directory', uid: 0, gid: 0, mode: 0o755 };

test('what is missing, or only differs, stands in nobody’s way', () => {
  assert.equal(explain('directory', { kind: 'absent' }), undefined);
  assert.equal(explain('directory', THERE), undefined);
  assert.equal(explain('link', { kind: 'link', target: 'elsewhere' }), undefined);
});

test('what stands in the way is named, with the step that clears it', () => {
  const cases: readonly (readonly ['directory' | 'link', FileSeen, string, RegExp])[] = [
    [
      'directory',
      { kind: 'link', target: '/x' },
      'NotADirectory',
      /symbolic link stands at \/flux\/a.*remove the link/,
    ],
    [
      'directory',
      { kind: 'other', what: 'file' },
      'NotADirectory',
      /a file stands at \/flux\/a.*move it away/,
    ],
    ['link', { kind: 'other', what: 'special file' }, 'NotALink', /a special file stands at \/flux\/a/],
    ['link', THERE, 'NotALink', /a directory stands at \/flux\/a.*move it away/],
  ];
  for (const [kind, seen, reason, words] of cases) {
    const told = explain(kind, seen);
    assert.deepEqual([told?.state, told?.reason], ['failed', reason]);
    assert.match(told?.message ?? '', words);
  }
});

test('a block on the way says where it is and what it is', () => {
  const cases: readonly (readonly [Block, string, RegExp])[] = [
    [
      { why: 'link-in-path', at: '/flux' },
      'SymbolicLinkInPath',
      /^\/flux on the way to \/flux\/a is a symbolic/,
    ],
    [{ why: 'link-in-path', at: '/flux/a' }, 'SymbolicLinkInPath', /^\/flux\/a is a symbolic link/],
    [{ why: 'not-a-directory', at: '/flux' }, 'NotADirectory', /^\/flux on the way/],
    [{ why: 'other-device', at: '/flux/a' }, 'WrongIdentity', /^\/flux\/a is another file system/],
    [{ why: 'error', at: '/flux/a', code: 'EACCES' }, 'NotPermitted', /EACCES/],
    [{ why: 'error', at: '/flux/a', code: 'EPERM' }, 'NotPermitted', /EPERM/],
    [{ why: 'error', at: '/flux/a', code: 'ENOSPC' }, 'NoSpace', /make room/],
    [{ why: 'error', at: '/flux/a', code: 'EDQUOT' }, 'NoSpace', /make room/],
    [{ why: 'error', at: '/flux/a', code: 'EROFS' }, 'ReadOnly', /read-only/],
    [{ why: 'error', at: '/flux/a', code: 'EIO' }, 'InputOutputError', /EIO/],
    [{ why: 'error', at: '/flux/a' }, 'InputOutputError', /dmesg/],
  ];
  for (const [block, reason, words] of cases) {
    const told = explain('directory', { kind: 'blocked', block });
    assert.deepEqual([told?.state, told?.reason], ['failed', reason], JSON.stringify(block));
    assert.match(told?.message ?? '', words);
  }
});

test('behind a declared directory that is in the way itself, the others only wait', () => {
  const seen: FileSeen = { kind: 'blocked', block: { why: 'link-in-path', at: '/flux' } };

  const told = explain('directory', seen, ['directory:/flux']);

  assert.deepEqual(told, {
    state: 'waiting',
    reason: 'DependencyFailed',
    message: 'waits for the directory /flux',
  });
});

function explain(
  kind: 'directory' | 'link',
  seen: FileSeen,
  wanted: readonly string[] = [],
): Explanation | undefined {
  return explainSeen({ id: `${kind}:/flux/a`, kind }, seen, new Map(wanted.map((id) => [id, id])));
}
