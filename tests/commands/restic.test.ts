import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resticEnv } from '../../daemon/commands/restic.ts';
import { backupArgs, literalPattern, parseBackupLine } from '../../daemon/commands/restic-backup.ts';
import { parseRepositoryId } from '../../daemon/commands/restic-config.ts';
import { isLocked, lockOwner, resticFault } from '../../daemon/commands/restic-fault.ts';
import { forgetPlanArgs, parseForget } from '../../daemon/commands/restic-forget.ts';
import { parseSnapshots } from '../../daemon/commands/restic-snapshots.ts';
import { isSupported, parseVersion } from '../../daemon/commands/restic-version.ts';
import type { RunResult } from '../../daemon/process/run.ts';

const WHOSE = { host: 'motoko', policy: 'flux-local' };
const SUBJECT = { policy: 'flux-local', repository: '/space/repo' };

test('a source or pattern that looks like an option stays what it is', () => {
  const args = backupArgs({
    ...WHOSE,
    source: '/-r/--stdin',
    exclude: ['--exclude-file=/etc/shadow'],
    limitKiB: 10,
  });

  assert.deepEqual(args, [
    'backup',
    '--json',
    '--host=motoko',
    '--tag=policy:flux-local',
    '--exclude=--exclude-file=/etc/shadow',
    '--limit-upload=10',
    '--',
    '/-r/--stdin',
  ]);
});

test('a path becomes a pattern that means only itself', () => {
  assert.equal(literalPattern('/a/[b]*?\\c'), '/a/\\[b\\]\\*\\?\\\\c');
});

test('the environment of restic holds where the password is and never what it is', () => {
  const env = resticEnv({
    repository: '/-odd',
    stateDir: '/var/lib/anchord',
    path: '/usr/bin',
    timezone: 'UTC',
  });

  assert.deepEqual(env, {
    PATH: '/usr/bin',
    HOME: '/var/lib/anchord',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    RESTIC_REPOSITORY: '/-odd',
    RESTIC_PASSWORD_FILE: '/dev/fd/3',
    RESTIC_CACHE_DIR: '/var/lib/anchord/restic-cache',
    RESTIC_PROGRESS_FPS: '1',
  });
});

test('lines of a backup are read as restic 0.14 and 0.18 print them', () => {
  const status =
    '{"message_type":"status","seconds_elapsed":2,"seconds_remaining":12,"percent_done":0.17898787180582681,"total_files":1,"total_bytes":314572800,"bytes_done":56304716,"current_files":["/big"]}';
  const first = '{"message_type":"status","percent_done":0,"total_files":1,"total_bytes":3}';
  const summary14 =
    '{"message_type":"summary","files_new":1,"data_added":1407,"total_files_processed":1,"total_bytes_processed":3,"total_duration":0.2,"snapshot_id":"0c731673"}';
  const summary18 =
    '{"message_type":"summary","data_added":1407,"data_added_packed":1250,"total_files_processed":1,"total_bytes_processed":3,"backup_start":"2026-11-21T01:22:12Z","snapshot_id":"0e16d3264bf0defacd6b076b1a6bb527bfa47d71c88fba2c94c164f42949c205"}';
  const error14 =
    '{"message_type":"error","error":{"Op":"open","Path":"/src/a","Err":13},"during":"archival","item":"/src/a"}';
  const error18 =
    '{"message_type":"error","error":{"message":"open /src/a: permission denied"},"during":"archival","item":"/src/a"}';

  assert.deepEqual(parseBackupLine(status), {
    kind: 'progress',
    progress: {
      phase: 'backup',
      percent: 17.9,
      bytesDone: 56304716,
      bytesTotal: 314572800,
      filesTotal: 1,
      etaSeconds: 12,
    },
  });
  assert.deepEqual(parseBackupLine(first), {
    kind: 'progress',
    progress: { phase: 'backup', percent: 0, bytesTotal: 3, filesTotal: 1 },
  });
  assert.deepEqual(parseBackupLine(summary14), {
    kind: 'summary',
    summary: { snapshot: '0c731673', files: 1, bytes: 3, bytesAdded: 1407 },
  });
  assert.equal(kindAndId(summary18), '0e16d3264bf0defacd6b076b1a6bb527bfa47d71c88fba2c94c164f42949c205');
  for (const line of [error14, error18])
    assert.deepEqual(parseBackupLine(line), { kind: 'unreadable', path: '/src/a' });
  for (const line of [
    '',
    'Warning: at least one source file could not be read',
    '{broken',
    '{"message_type":"verbose_status"}',
    '{"message_type":"summary"}',
  ]) {
    assert.deepEqual(parseBackupLine(line), { kind: 'other' });
  }
});

test('forget is told the host, the tag and every rule, and months are never taken for minutes', () => {
  assert.deepEqual(forgetPlanArgs(WHOSE, { hourly: 24, daily: 7, within: '90m' }), [
    'forget',
    '--dry-run',
    '--json',
    '--quiet',
    '--host=motoko',
    '--tag=policy:flux-local',
    '--group-by=host,tags',
    '--keep-hourly=24',
    '--keep-daily=7',
    '--keep-within=0d2h',
  ]);
});

test('a keep that keeps nothing makes no command at all', () => {
  assert.equal(forgetPlanArgs(WHOSE, {}), undefined);
  assert.equal(forgetPlanArgs(WHOSE, { daily: 0, last: 0 }), undefined);
});

test('what forget removed is counted, over groups, null and silence', () => {
  const listed =
    '[{"keep":[{"id":"b","time":"2026-11-21T02:00:00+01:00"}],"remove":null},{"keep":[{"id":"a","time":"2026-11-21T00:30:00Z"}],"remove":[{"id":"x","time":"2026-11-20T00:00:00Z"}]}]\n';
  const list = parseForget(listed);
  assert.deepEqual([ids(list.keep), ids(list.remove), list.emptiesGroup], [['a', 'b'], ['x'], false]);
  const removed = '[{"keep":null,"remove":[{"id":"x"}]}]\n[0:00] 100.00%  1 / 1 files deleted\n';
  const emptied = parseForget(removed);
  assert.deepEqual([ids(emptied.keep), ids(emptied.remove), emptied.emptiesGroup], [[], ['x'], true]);
  assert.deepEqual(parseForget(''), { keep: [], remove: [], emptiesGroup: false });
  assert.throws(() => parseForget('no list'), SyntaxError);
});

test('causes are told apart by exit code where there is one, and by words on 0.14', () => {
  const locked14 =
    'unable to create lock in backend: repository is already locked exclusively by PID 8625 on vm by root (UID 0, GID 0)\nlock was created at 2026-11-21 01:22:20 (3s ago)\n';
  const locked18 =
    '{"message_type":"exit_error","code":11,"message":"unable to create lock in backend: repository is already locked by PID 8594 on vm by root (UID 0, GID 0)\\nlock was created at …"}';
  const cases: readonly (readonly [Partial<RunResult>, string])[] = [
    [
      {
        code: 1,
        stderr: 'Fatal: unable to open config file: stat /space/repo/config: no such file or directory\n',
      },
      'RepositoryMissing',
    ],
    [{ code: 10, stderr: '' }, 'RepositoryMissing'],
    [{ code: 1, stderr: 'Fatal: wrong password or no key found\n' }, 'WrongPassword'],
    [{ code: 12, stderr: '' }, 'WrongPassword'],
    [{ code: 1, stderr: locked14 }, 'RepositoryLocked'],
    [{ code: 11, stderr: locked18 }, 'RepositoryLocked'],
    [{ code: 1, stderr: 'Fatal: write /space/repo/tmp: no space left on device\n' }, 'NoSpace'],
    [{ code: 99, stderr: '' }, 'ProgramFailed'],
    [{ code: 127, stderr: "nice: 'restic': No such file or directory\n" }, 'ProgramMissing'],
    [{ end: 'not-found', code: null }, 'ProgramMissing'],
    [{ end: 'timed-out', code: null }, 'TimedOut'],
    [{ end: 'stopped', code: null }, 'Cancelled'],
    [{ end: 'signalled', code: null, signal: 'SIGKILL' }, 'ProgramFailed'],
  ];

  for (const [result, reason] of cases)
    assert.equal(resticFault(ended(result), SUBJECT).reason, reason, JSON.stringify(result));
  assert.deepEqual(lockOwner(locked14), { pid: 8625, host: 'vm' });
  assert.deepEqual(lockOwner(locked18), { pid: 8594, host: 'vm' });
  assert.equal(isLocked(ended({ code: 0, stderr: 'repository is already locked' })), false);
});

test('the last words of restic are in the message, also when it says them as JSON', () => {
  const fault = resticFault(
    ended({
      code: 1,
      stderr:
        '{"message_type":"exit_error","code":1,"message":"Fatal: all source directories/files do not exist"}\n',
    }),
    SUBJECT,
  );

  assert.match(fault.message, /restic ended with 1: all source directories\/files do not exist$/);
});

test('version, repository id and snapshots are read from what restic prints', () => {
  assert.deepEqual(parseVersion('restic 0.14.0 compiled with go1.19.8 on linux/amd64\n'), {
    major: 0,
    minor: 14,
    patch: 0,
  });
  assert.equal(parseVersion('bash: restic: not found'), undefined);
  assert.deepEqual(
    [13, 14].map((minor) => isSupported({ major: 0, minor, patch: 9 })),
    [false, true],
  );
  assert.equal(
    parseRepositoryId(
      `{\n  "version": 2,\n  "id": "${'a1'.repeat(32)}",\n  "chunker_polynomial": "37a55d3edef08b"\n}\n`,
    ),
    'a1'.repeat(32),
  );
  assert.equal(parseRepositoryId('{"id":"short"}'), undefined);
  assert.deepEqual(parseSnapshots('null\n'), []);
  assert.deepEqual(
    parseSnapshots(
      '[{"time":"2026-11-21T01:21:14Z","paths":["/src"],"hostname":"h","tags":["policy:p"],"id":"0c73","short_id":"0c"}]',
    ),
    [{ id: '0c73', time: '2026-11-21T01:21:14Z', paths: ['/src'], tags: ['policy:p'], hostname: 'h' }],
  );
});

function ended(result: Partial<RunResult>): RunResult {
  return { end: 'exited', code: 0, signal: null, stdout: '', stderr: '', ...result };
}

function kindAndId(line: string): string {
  const parsed = parseBackupLine(line);
  return parsed.kind === 'summary' ? parsed.summary.snapshot : parsed.kind;
}

function ids(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id);
}
