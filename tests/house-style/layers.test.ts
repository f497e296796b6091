import assert from 'node:assert/strict';
import test from 'node:test';
import { localImports, sourceFiles } from './repository.ts';

// Each folder or file of daemon/ may import those before it, never those after it. Other files at the top of daemon/
// (clock, errors, events …) are words that all may use.
const ORDER = [
  'process', // starts programs
  'systemd', // what the service manager is told
  'locks',
  'settings',
  'files', // makes and looks at files, in a worker
  'secrets',
  'store', // what survives
  'clock-trust', // whether the clock may decide what is old
  'suspension.ts', // a person's word that nothing may change
  'git', // commits in, commits out
  'audit', // what happened, line after line
  'parse', // texts of a revision to a host state
  'guards', // whether a volume may be touched
  'manifests', // what is known of snapshots from elsewhere than their repository
  'commands', // one program each: its arguments, its output
  'remotes', // how a program reaches a remote
  'samba', // what smbd serves, and how it is told
  'programs', // which of them this host has
  'policies', // what runs on a schedule
  'mirror', // a tree on a remote
  'check', // whether repositories are whole
  'movers', // graduate and purge
  'own-state', // a copy of what anchord itself remembers
  'restore', // back from a repository to a folder
  'drill', // whether what is stored comes back
  'policies/policy-work.ts', // the kinds of policies come together only here
  'policies/active-runs.ts',
  'policies/policy-engine.ts',
  'resources', // what must be so
  'page', // a status as files for a browser
  'status', // what is said of all that
  'reconcile', // the pass; the only one that knows the order of the stages
  'notify', // who is told of all that
  'host.ts', // one opened state directory
  'open-reconciler.ts', // the pass on an opened host
  'host-notifier.ts', // telling people of an opened host
  'composer.ts', // the one place that looks at everything at once
  'metrics',
  'http',
  'control', // the socket that commands speak to
  'apply-alone.ts', // one pass without a daemon
  'host-control.ts', // commands answered by a running daemon
  'standalone-control.ts', // the same commands answered without one
  'look-loop.ts', // when to look and when to pass
  'daemon-parts.ts', // what a daemon is made of
  'serve.ts', // every way in
  'daemon.ts',
  'doctor',
  'demo',
  'cli',
  'main.ts',
];

const WORD = -1;
const daemon = sourceFiles('daemon');

test('the folders of daemon/ import in one direction', () => {
  const against = daemon.flatMap((file) =>
    localImports(file)
      .filter((target) => rankOf(target) > rankOf(file.path))
      .map((target) => `${file.path} imports ${target}`),
  );

  assert.deepEqual(against, []);
});

test('every folder of daemon/ has its place in the order', () => {
  const folders = new Set(daemon.map(({ path }) => folderOf(path)).filter((folder) => folder !== undefined));

  assert.deepEqual(
    [...folders].filter((folder) => !ORDER.includes(folder)),
    [],
  );
});

test('files at the top of daemon/ are words without imports of folders, or have their place in the order', () => {
  const knowing = daemon
    .filter(({ path }) => rankOf(path) === WORD)
    .filter((file) => localImports(file).some((target) => rankOf(target) !== WORD));

  assert.deepEqual(
    knowing.map(({ path }) => path),
    [],
  );
});

test('only the pass knows both the state repo and the resources', () => {
  const both = daemon
    .filter(({ path }) => !path.startsWith('daemon/reconcile/'))
    .filter((file) => {
      const folders = localImports(file).map(folderOf);
      return folders.includes('git') && folders.includes('resources');
    });

  assert.deepEqual(
    both.map(({ path }) => path),
    [],
  );
});

test('nothing in state-schema/ imports anything else of this repository', () => {
  const outside = sourceFiles('state-schema').flatMap((file) =>
    localImports(file)
      .filter((target) => !target.startsWith('state-schema/'))
      .map((target) => `${file.path} imports ${target}`),
  );

  assert.deepEqual(outside, []);
});

test('only one module starts programs, and only one folder opens the database', () => {
  const starts = daemon.filter(({ text }) => text.includes("'node:child_process'")).map(({ path }) => path);
  const opens = daemon.filter(({ text }) => text.includes("'sqlite3'")).map(({ path }) => folderOf(path));

  assert.deepEqual(starts, ['daemon/process/run.ts']);
  assert.deepEqual([...new Set(opens)], ['store']);
});

function folderOf(path: string): string | undefined {
  return /^daemon\/([^/]+)\//.exec(path)?.[1];
}

/** The longest entry of the order that a path lies at or below; `WORD` for what has none. */
function rankOf(path: string): number {
  const inside = path.replace(/^daemon\//, '');
  return inside === path ? WORD : Math.max(ORDER.indexOf(inside), ORDER.indexOf(inside.split('/')[0] ?? ''));
}
