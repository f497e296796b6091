import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBranch, parseRemote } from '../../daemon/git/remote.ts';

test('paths, http, https and ssh addresses are told apart', () => {
  const kinds = {
    '/srv/git/state repo.git': 'path file',
    'file:///srv/git/x.git': 'path file',
    'http://127.0.0.1:3000/x.git': 'http http',
    'https://git.example.org/anna/state': 'http https',
    'ssh://git@host:2222/x.git': 'ssh ssh',
    'git@github.com:anna/state.git': 'ssh ssh',
  };

  for (const [url, kind] of Object.entries(kinds)) {
    const remote = parseRemote(url);
    assert.equal(`${remote.kind} ${remote.protocol}`, kind, url);
  }
});

test('what git would take for an option, a helper, a command or a password is refused', () => {
  const refused = [
    '',
    '--upload-pack=touch /tmp/x',
    '-x',
    'relative/path',
    'ext::sh -c id',
    'git://host/x.git',
    'ssh://-oProxyCommand=id/x',
    'ssh://user:pw@host/x',
    '-oProxyCommand=id@host:x',
    'git@-host:x',
    'git@host:-x',
    '/srv/a\nb',
    'https://user@host/x',
    'https://host/x?token=1',
    'https:///x',
    'file://host/x',
  ];

  for (const url of refused) {
    assert.throws(() => parseRemote(url), { name: 'Stalled', reason: 'FetchFailed' }, url);
  }
});

test('only names that git takes for a branch pass', () => {
  for (const name of ['main', 'team/storage', 'a.b-c_d', 'grün', 'a@b']) checkBranch(name);
  const refused = [
    '',
    '-x',
    '--all',
    'a b',
    'a..b',
    'a~1',
    'a^',
    'a:b',
    'a*',
    'a?',
    'a[',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    'a.',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a@{1}',
    '@',
    'a\nb',
  ];
  for (const name of refused) assert.throws(() => checkBranch(name), { name: 'Stalled' }, name);
});
