import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { pageFiles } from '../../daemon/page/page-files.ts';
import { branchFiles } from '../../daemon/status/branch-files.ts';
import { composeHistory } from '../../daemon/status/compose-history.ts';
import { redactStatus } from '../../daemon/status/redact-status.ts';
import { summarize } from '../../daemon/status/summarize.ts';
import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import historySchema from '../../state-schema/schemas/history.schema.json' with { type: 'json' };
import statusSchema from '../../state-schema/schemas/status.schema.json' with { type: 'json' };
import { condition, guarded, policy, resource, REVISION, run, statusFacts } from './status-facts.ts';

/** Each stands for a path, a file, a user or an address, and may be nowhere on a redacted branch. */
const NAMES = [
  'zz-directory',
  'zz-file.docx',
  'zz-user',
  'zz-mount',
  'zz-device',
  'zz-server',
  'zz-author',
  'zz-subject',
  'zz-target',
  'zz-yaml',
  'zz-signer',
  'zz-key',
  'zz-pusher',
  'zz-change',
  'zz-quarantine',
];

test('a redacted branch holds no path and no name of a file or user, in any of its files', async () => {
  const page = await pageFiles();
  const open = branchFiles({ ...telling(), page });
  const redacted = branchFiles({ ...telling(), page, redactKey: 'key' });

  const said = textOf(open);
  for (const name of NAMES) assert.ok(said.includes(name), `${name} is not even told openly`);
  const text = textOf(redacted);
  for (const name of NAMES) assert.ok(!text.includes(name), name);
  assert.ok(!text.includes('directory:/'), 'a path');
  assert.deepEqual([...redacted.files.keys()].toSorted(), [...open.files.keys()].toSorted());
});

test('what is redacted is still a status and a history as the schemas say', () => {
  const ajv = new Ajv2020({ allErrors: true, schemas: [statusSchema, historySchema] });
  const { files } = branchFiles({ ...telling(), page: new Map(), redactKey: 'key' });

  for (const [file, schema] of [
    ['status.json', statusSchema.$id],
    ['history.json', historySchema.$id],
  ] as const) {
    const validate = ajv.getSchema(schema);
    assert.ok(validate);
    const isValid = validate(JSON.parse(String(files.get(file))));
    assert.deepEqual([isValid, validate.errors], [true, null], file);
  }
});

test('a reader can follow one resource over time, and cannot test a guess at its name', () => {
  const { status } = telling();
  const [one] = redactStatus(status, 'key').resources.items;

  assert.match(one?.id ?? '', /^directory:[0-9a-f]{8}$/);
  assert.equal(redactStatus(status, 'key').resources.items[0]?.id, one?.id);
  assert.notEqual(redactStatus(status, 'another host').resources.items[0]?.id, one?.id);
});

test('what matters can still be read: states, reasons, times and outcomes', () => {
  const { status } = telling();
  const redacted = redactStatus(status, 'key');

  assert.deepEqual(
    redacted.conditions.map(({ type, status: value, reason }) => [type, value, reason]),
    status.conditions.map(({ type, status: value, reason }) => [type, value, reason]),
  );
  assert.equal(redacted.summary.level, status.summary.level);
  assert.equal(redacted.policies[0]?.lastRun?.outcome, 'partial');
  assert.equal(redacted.source.applied, REVISION);
});

test('a commit names its revision, the run or pass that ended last, and how things are', () => {
  const { status, history } = telling();

  const { trailers, subject } = branchFiles({ status, history, page: new Map() });

  assert.deepEqual(
    [...trailers],
    [
      ['Config-Commit', REVISION],
      ['Run-Id', 'run-2'],
      ['Result', 'failed'],
    ],
  );
  assert.ok(subject.length <= 100 && !subject.includes('\n'));
});

test('a subject is one line, whatever a name holds', () => {
  const { status, history } = telling();
  const summary = { ...status.summary, sentence: `a\n\nSigned-off-by: evil\r\n${'x'.repeat(300)}` };

  const { subject } = branchFiles({ status: { ...status, summary }, history, page: new Map() });

  assert.ok(!/[\r\n]/.test(subject) && subject.length === 100, JSON.stringify(subject));
});

test('a policy may have any name that is one, also one that means something to JavaScript', async () => {
  const runs = ['constructor', 'toString', 'x'].map((name) => run(name, { policy: name }));
  const store = { runs: async () => runs, passes: async () => [] };

  const history = await composeHistory('motoko', store, new Date('2026-11-21T12:00:00Z'));

  assert.deepEqual(
    Object.values(history.policies).map((list) => list.length),
    [1, 1, 1],
  );
});

function textOf({ files, subject, trailers }: ReturnType<typeof branchFiles>): string {
  const contents = [...files].map(([path, bytes]) => `${path}\n${Buffer.from(bytes).toString('utf8')}`);
  return [...contents, subject, ...trailers.keys(), ...trailers.values()].join('\n');
}

/** A status and a history in which every place that could tell a name does. */
function telling(): { readonly status: Status; readonly history: History } {
  const message = 'zz-user cannot write /flux/zz-directory/zz-file.docx';
  const lastRun = run('run-2', {
    outcome: 'partial',
    message,
    endedAt: '2026-11-21T11:30:00Z',
    unreadable: ['/flux/zz-file.docx'],
  });
  const fault = {
    reason: 'ReadOnly',
    message: '/zz-mount is read-only',
    next: 'look at /dev/zz-device',
  } as const;
  const mount = {
    id: '7',
    parentId: '1',
    device: '8:17',
    mountPoint: '/zz-mount',
    root: '/',
    fstype: 'ext4',
    source: '/dev/zz-device',
    options: new Set<string>(),
  };
  const volume = guarded(1, { volume: { mount: '/zz-mount' }, verdict: { kind: 'failed', fault } });
  const status = summarize(
    statusFacts({
      url: 'ssh://zz-server/state.git',
      log: [{ sha: REVISION, subject: 'zz-subject', author: 'zz-author', time: '2026-11-21T11:00:00Z' }],
      conditions: [condition('Ready', 'False', { message })],
      resources: [
        resource('directory:/flux/zz-directory', { state: 'failed', reason: 'NotPermitted', message }),
        resource('link:/flux/zz-file.docx', { kind: 'link' }),
      ],
      volumes: [{ ...volume, seen: { ...volume.seen, disk: { mount } } }],
      policies: [
        policy({
          message,
          source: '/flux/zz-directory',
          target: '/space/zz-target',
          lastRun,
          progress: { phase: '/zz-file.docx' },
        }),
      ],
      revisions: {
        verification: {
          revision: REVISION,
          version: '1',
          verified: { revision: REVISION, method: 'ssh', by: 'zz-signer', key: 'zz-key' },
        },
        quarantined: [
          {
            revision: REVISION,
            reason: 'ResourcesFailed',
            message: 'zz-quarantine',
            since: '2026-11-21T11:00:00Z',
            failed: [],
            isSettled: true,
          },
        ],
        applied: REVISION,
        rejected: {
          commit: {
            sha: REVISION,
            subject: 'zz-change',
            author: 'zz-pusher',
            time: '2026-11-21T11:00:00Z',
            reason: 'NotSigned',
            others: 0,
          },
          revision: REVISION,
          message,
          problems: [{ code: 'schema', file: 'hosts/zz-yaml', line: 1, column: 1, message, path: [] }],
        } as unknown as NonNullable<Parameters<typeof summarize>[0]['revisions']['rejected']>,
      },
      notCarriedOut: ['users (zz-user)', 'part of policy p: the freeze hook zz-file.docx'],
    }),
  );
  const history: History = {
    version: 1,
    host: 'motoko',
    policies: { 'flux-local': [lastRun, run('run-1', { message })] },
    passes: [
      {
        id: 'pass-1',
        startedAt: '2026-11-21T11:00:00Z',
        endedAt: '2026-11-21T11:00:00Z',
        result: 'refused',
        changed: 0,
        repaired: 0,
        failed: 0,
        waiting: 0,
        message,
      },
    ],
  };
  return { status, history };
}
