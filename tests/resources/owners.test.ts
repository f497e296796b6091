import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transient } from '../../daemon/errors.ts';
import { lookUpOwners } from '../../daemon/resources/owners.ts';
import { tempFolder } from '../files/temp-folder.ts';

const path = '/usr/sbin:/usr/bin:/sbin:/bin';

test('the host is asked for its users and groups, and names it does not know are left out', async () => {
  const owners = await lookUpOwners({
    users: ['root', 'nobody-knows', 'daemon'],
    groups: ['root', '-s', '--help', 'x:y', '0'],
    path,
  });

  assert.ok(owners.kind === 'real');
  assert.deepEqual([...owners.users.keys()].toSorted(), ['daemon', 'root']);
  assert.deepEqual([...owners.groups], [['root', 0]]);
  assert.equal(owners.users.get('root'), 0);
});

test('with nobody to ask for, nothing is asked', async () => {
  assert.deepEqual(await lookUpOwners({ users: [], groups: [], path: '/nowhere' }), {
    kind: 'real',
    users: new Map(),
    groups: new Map(),
  });
});

test('a host that does not answer is not a host without users', async () => {
  await using folder = await tempFolder('owners');

  await assert.rejects(lookUpOwners({ users: ['root'], groups: [], path: folder.path }), Transient);
});
