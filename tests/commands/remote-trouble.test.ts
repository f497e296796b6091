import assert from 'node:assert/strict';
import test from 'node:test';
import { rcloneFault } from '../../daemon/commands/rclone-fault.ts';
import { resticFault } from '../../daemon/commands/restic-fault.ts';
import type { RunResult } from '../../daemon/process/run.ts';

function ended(code: number, stderr: string): RunResult {
  return { end: 'exited', code, signal: null, stdout: '', stderr };
}

const SUBJECT = { policy: 'offsite', repository: 'rclone:b2:bucket-500/flux' };

/** What restic 0.14 and rclone 1.60 were heard to say. */
test('what is wrong with a remote is told from the words of restic and rclone', () => {
  const heard = [
    [
      'RemoteUnreachable',
      'rclone: 2026/11/21 07:43:25 Failed to create file system for "b2:bucket-500/flux": read metadata failed: Propfind "http://127.0.0.1:9/a/b": dial tcp 127.0.0.1:9: connect: connection refused\nFatal: unable to open repository at rclone:b2:bucket-500/flux: error talking HTTP to rclone: context canceled\n',
    ],
    [
      'RemoteUnreachable',
      'Fatal: unable to open config file: client.Head: Head "http://127.0.0.1:9/x/config": something that nobody heard of\nIs there a repository at the following location?\n',
    ],
    [
      'RemoteUnreachable',
      'Fatal: unable to open config file: unexpected HTTP response (503): 503 Service Unavailable\n',
    ],
    [
      'AuthenticationFailed',
      'Fatal: unable to open config file: unexpected HTTP response (401): 401 Unauthorized\n',
    ],
    [
      'RepositoryMissing',
      'Fatal: unable to open config file: <config/> does not exist\nIs there a repository at the following location?\nrclone:b2:bucket-500/flux\n',
    ],
    [
      'RemoteMissing',
      'rclone: 2026/11/21 07:44:18 Failed to create file system for "b2:bucket-500/flux": didn\'t find section in config file\n',
    ],
    ['NoSpace', 'Fatal: unable to save snapshot: b2_upload_file: 403: storage_cap_exceeded\n'],
    ['WrongPassword', 'Fatal: wrong password or no key found\n'],
  ] as const;

  for (const [reason, words] of heard)
    assert.equal(resticFault(ended(1, words), SUBJECT).reason, reason, words);
  // On a disk the same words are not about a remote.
  assert.equal(
    resticFault(ended(1, 'Fatal: unexpected EOF'), { ...SUBJECT, repository: '/space/repo' }).reason,
    'ProgramFailed',
  );
});

test('rclone is quoted without dates and JSON, and its exit code counts', () => {
  const place = 'b2:bucket/flux';
  const log = `{"level":"error","msg":"error listing: directory not found","object":"","source":"x"}\n2026/11/21 07:44:18 Failed to lsf with 2 errors: last error was: directory not found\n`;

  assert.deepEqual(rcloneFault(ended(3, log), { policy: 'mirror', place }), {
    reason: 'BucketMissing',
    message: `there is no bucket or folder ${place}: error listing: directory not found; Failed to lsf with 2 errors: last error was: directory not found`,
    next: 'make it at the provider, or correct it in mirror',
  });
  assert.equal(
    rcloneFault({ ...ended(1, 'key hunter22 refused'), said: 'key *** refused' }, { policy: 'm', place })
      .message,
    `rclone ended with 1 on ${place}: key *** refused`,
  );
});
