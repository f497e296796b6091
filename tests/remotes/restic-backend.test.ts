import assert from 'node:assert/strict';
import test from 'node:test';
import { resticBackend } from '../../daemon/remotes/restic-backend.ts';

test('each backend of restic gets its address and its variables from the remote', () => {
  assert.deepEqual(
    resticBackend({ backend: 'b2', place: 'bucket/a/b', options: { type: 'b2', account: 'i', key: 'k' } }),
    { repository: 'b2:bucket:a/b', variables: { B2_ACCOUNT_ID: 'i', B2_ACCOUNT_KEY: 'k' }, options: [] },
  );
  assert.deepEqual(
    resticBackend({ backend: 'azure', place: 'box', options: { type: 'azureblob', account: 'i', key: 'k' } }),
    {
      repository: 'azure:box:/',
      variables: { AZURE_ACCOUNT_NAME: 'i', AZURE_ACCOUNT_KEY: 'k' },
      options: [],
    },
  );
  const s3 = { type: 's3', provider: 'Wasabi', access_key_id: 'i', secret_access_key: 'k' };
  assert.deepEqual(
    resticBackend({
      backend: 's3',
      place: 'bucket/a',
      options: { ...s3, region: 'eu', storage_class: 'COLD', endpoint: 'https://s3.eu.wasabisys.com' },
    }),
    {
      repository: 's3:https://s3.eu.wasabisys.com/bucket/a',
      variables: { AWS_ACCESS_KEY_ID: 'i', AWS_SECRET_ACCESS_KEY: 'k', AWS_DEFAULT_REGION: 'eu' },
      options: ['-o', 's3.storage-class=COLD'],
    },
  );
  assert.equal(
    resticBackend({ backend: 's3', place: 'bucket', options: { ...s3, region: 'us-east-2' } })?.repository,
    's3:https://s3.us-east-2.amazonaws.com/bucket',
  );
});

test('the password of a rest server stands in the address, encoded', () => {
  const options = { type: 'rest', url: 'https://nas:8000/base/', user: 'u@home', pass: 'p/w' };

  assert.equal(
    resticBackend({ backend: 'rest', place: 'flux/a b', options })?.repository,
    'rest:https://u%40home:p%2Fw@nas:8000/base/flux/a%20b/',
  );
});

test('a remote that the host settings make of another kind is asked by rclone', () => {
  const options = { type: 'alias', remote: '/somewhere' };

  for (const backend of ['rclone', 'b2', 's3', 'azure', 'rest'] as const)
    assert.equal(resticBackend({ backend, place: 'bucket', options }), undefined);
});
