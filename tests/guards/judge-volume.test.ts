import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeVolume } from '../../daemon/guards/judge-volume.ts';
import type { VolumeSeen } from '../../daemon/guards/volume-seen.ts';
import type { VolumeWant } from '../../daemon/guards/volume-want.ts';
import type { Mount } from '../../daemon/guards/mountinfo.ts';
import { parseSentinel, sentinelText } from '../../daemon/files/sentinel.ts';
import type { Reason } from '../../state-schema/generated/status.ts';

/** 8:17, as stat(2) gives it. */
const SDB1 = 8 * 256 + 17;
const mount: Mount = {
  id: '7',
  parentId: '1',
  device: '8:17',
  mountPoint: '/flux',
  root: '/',
  fstype: 'ext4',
  source: '/dev/sdb1',
  options: new Set(['rw']),
};
const disk = { mount, uuid: 'u-1', label: 'flux', errors: 0, sizeBytes: 1000, freeBytes: 500 };
const right: VolumeSeen = {
  top: { kind: 'directory', device: SDB1, parentDevice: 1 },
  sentinel: { kind: 'read', value: { volume: 'flux', id: 'id-1', host: 'motoko' }, stamp: '1:2:3' },
  disk,
};
const want: VolumeWant = {
  name: 'flux',
  volume: { mount: '/flux', fstype: 'ext4', label: 'flux', uuid: 'u-1', minFree: '5%' },
  host: 'motoko',
  adoptedId: 'id-1',
  adoptedUuid: 'u-1',
  minFreeBytes: 50,
};

test('a volume that is everything it should be passes, and says which device it is', () => {
  assert.deepEqual(judgeVolume(want, right), { kind: 'passed', device: SDB1 });
});

test('under a root that is a folder the sentinel alone decides', () => {
  const { disk: _, ...folder } = right;
  const top = { kind: 'directory', device: 1, parentDevice: 1 } as const;

  assert.deepEqual(judgeVolume(want, { ...folder, top }), { kind: 'passed', device: 1 });
});

const faults: Readonly<Record<string, readonly [Partial<VolumeSeen>, Reason]>> = {
  'no mount point': [{ top: { kind: 'absent' } }, 'NotMounted'],
  'a file for a mount point': [{ top: { kind: 'not-a-directory' } }, 'NotADirectory'],
  'a mount point that cannot be read': [{ top: { kind: 'unreadable', code: 'EIO' } }, 'InputOutputError'],
  'a bare mount point': [{ top: { kind: 'directory', device: 1, parentDevice: 1 } }, 'NotMounted'],
  'no mount, though the device differs': [{ disk: {} }, 'NotMounted'],
  'a folder of the disk, bound there': [
    { disk: { ...disk, mount: { ...mount, root: '/sub' } } },
    'NotMounted',
  ],
  'a disk that only the host sees': [{ disk: { ...disk, isHidden: true } }, 'NotMounted'],
  'a disk that something mounted above it covers': [
    { top: { kind: 'directory', device: SDB1 + 1, parentDevice: 1 } },
    'NotMounted',
  ],
  'another kind of file system': [
    { disk: { ...disk, mount: { ...mount, fstype: 'tmpfs' } } },
    'WrongIdentity',
  ],
  'another label': [{ disk: { ...disk, label: 'time' } }, 'WrongIdentity'],
  'another UUID': [{ disk: { ...disk, uuid: 'u-2' } }, 'WrongIdentity'],
  'no UUID to be had': [{ disk: { mount, label: 'flux' } }, 'WrongIdentity'],
  'a read-only mount': [{ disk: { ...disk, mount: { ...mount, options: new Set(['ro']) } } }, 'ReadOnly'],
  'an emergency stop': [
    { disk: { ...disk, mount: { ...mount, options: new Set(['rw', 'emergency_ro']) } } },
    'ReadOnly',
  ],
  'a file system that was shut down': [
    { disk: { ...disk, mount: { ...mount, options: new Set(['rw', 'shutdown']) } } },
    'ReadOnly',
  ],
  'a disk that takes no write': [
    { disk: { ...disk, write: { kind: 'refused', code: 'EIO' } } },
    'DiskErrors',
  ],
  'a disk that refuses writes': [
    { disk: { ...disk, write: { kind: 'refused', code: 'EROFS' } } },
    'ReadOnly',
  ],
  'a disk that does not answer to a write': [
    { disk: { ...disk, write: { kind: 'refused', code: 'ETIMEDOUT' } } },
    'InputOutputError',
  ],
  'a disk that went away under a write': [{ disk: { ...disk, write: { kind: 'gone' } } }, 'NotMounted'],
  'counted errors': [{ disk: { ...disk, errors: 3 } }, 'DiskErrors'],
  'no sentinel': [{ sentinel: { kind: 'absent' } }, 'SentinelMissing'],
  'a sentinel that is none': [{ sentinel: { kind: 'unreadable' } }, 'SentinelWrong'],
  'a sentinel with another id': [
    { sentinel: { kind: 'read', value: { volume: 'flux', id: 'id-2', host: 'motoko' }, stamp: '1:2:3' } },
    'SentinelWrong',
  ],
  'a sentinel of another volume': [
    { sentinel: { kind: 'read', value: { volume: 'time', id: 'id-1', host: 'motoko' }, stamp: '1:2:3' } },
    'SentinelWrong',
  ],
  'a sentinel of another host': [
    { sentinel: { kind: 'read', value: { volume: 'flux', id: 'id-1', host: 'armitage' }, stamp: '1:2:3' } },
    'SentinelWrong',
  ],
};

for (const [what, [seen, reason]] of Object.entries(faults)) {
  test(`not to be touched: ${what}`, () => {
    const verdict = judgeVolume(want, { ...right, ...seen });

    assert.ok(verdict.kind === 'failed', verdict.kind);
    assert.equal(verdict.fault.reason, reason);
    assert.match(verdict.fault.message, /volume flux.*\/flux|\/flux|\/dev\/sdb1/);
    assert.notEqual(verdict.fault.next ?? '', '', 'it says what to do next');
  });
}

test('a volume that no person adopted is not touched, whatever its sentinel says', () => {
  const { adoptedId: _, ...never } = want;

  const verdict = judgeVolume(never, right);

  assert.ok(verdict.kind === 'failed');
  assert.equal(verdict.fault.reason, 'NotAdopted');
  assert.match(verdict.fault.next ?? '', /anchord volume adopt flux/);
});

test('a disk that is wrong is told before a sentinel that is missing: adopting it would be wrong too', () => {
  const verdict = judgeVolume(want, {
    ...right,
    sentinel: { kind: 'absent' },
    disk: { ...disk, label: 'time' },
  });

  assert.equal(verdict.kind === 'failed' && verdict.fault.reason, 'WrongIdentity');
});

test('a disk that carries a copy of the sentinel is told by its UUID, though only a label is declared', () => {
  const labelled = { ...want, volume: { mount: '/flux', label: 'flux' } };

  const verdict = judgeVolume(labelled, { ...right, disk: { ...disk, uuid: 'u-2' } });

  assert.ok(verdict.kind === 'failed');
  assert.equal(verdict.fault.reason, 'WrongIdentity');
  assert.match(verdict.fault.message, /has the UUID u-2, and the disk that was adopted has u-1/);
});

test('letters of a UUID count the same in either case, and numbers of subvolumes say nothing', () => {
  const shouting = { ...want, volume: { mount: '/flux', uuid: 'U-1' } };
  const btrfs = { ...disk, mount: { ...mount, device: '0:45', fstype: 'btrfs' } };

  assert.equal(judgeVolume(shouting, right).kind, 'passed');
  assert.equal(judgeVolume(shouting, { ...right, disk: btrfs }).kind, 'passed');
});

test('device numbers with many bits are compared whole', () => {
  const high = { ...disk, mount: { ...mount, device: '259:1048575' } };
  const device = 0xfff0_0000 + 0x1_03ff;

  assert.equal(
    judgeVolume(want, { ...right, disk: high, top: { ...right.top, device } as VolumeSeen['top'] }).kind,
    'passed',
  );
});

test('how many errors were counted is not in the message, which would be news with each of them', () => {
  const [one, many] = [1, 99].map((errors) => judgeVolume(want, { ...right, disk: { ...disk, errors } }));

  assert.deepEqual(one, many);
});

test('a disk that is full to the last byte is full, not failed', () => {
  const { minFreeBytes: _, ...unlimited } = want;

  const verdict = judgeVolume(unlimited, {
    ...right,
    disk: { ...disk, write: { kind: 'refused', code: 'ENOSPC' } },
  });

  assert.equal(verdict.kind === 'full' && verdict.fault.reason, 'BelowMinimumFree');
});

test('only what is declared of a disk is held against it', () => {
  const { adoptedUuid: _, ...rest } = want;
  const bare = { ...rest, volume: { mount: '/flux' } };

  assert.equal(judgeVolume(bare, { ...right, disk: { mount: { ...mount, fstype: 'xfs' } } }).kind, 'passed');
});

test('a volume below its minimum is full, which is not failed', () => {
  function at(freeBytes: number): string {
    return judgeVolume(want, { ...right, disk: { ...disk, freeBytes } }).kind;
  }

  assert.deepEqual([at(51), at(50), at(49), at(0)], ['passed', 'passed', 'full', 'full']);
});

test('a full volume says the same while its last bytes come and go', () => {
  function fault(freeBytes: number): unknown {
    const verdict = judgeVolume(want, { ...right, disk: { ...disk, freeBytes } });
    return verdict.kind === 'full' ? verdict.fault : verdict.kind;
  }

  assert.deepEqual(fault(1), fault(49));
});

test('a sentinel comes back as it was written, and what is none is not taken for one', () => {
  const sentinel = { volume: 'flux', id: 'i', host: 'motoko' };

  assert.deepEqual(parseSentinel(sentinelText(sentinel)), sentinel);
  for (const text of ['', 'null', '[]', '"x"', '{', '{}', '{"volume":"flux","id":1,"host":"m"}', '\0\0\0\0'])
    assert.equal(parseSentinel(text), undefined, text);
});
