import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';
import { soon } from '../rig/soon.ts';

/** Made anew for each run, so that nothing of an earlier one can be mistaken for it. */
function made(name: string): string {
  return `${name}-${randomBytes(6).toString('hex')}/"&+ é\\`;
}

const VALUES = {
  password: made('password'),
  key: made('key'),
  printed: made('printed'),
  failing: made('failing'),
};

/** Prints everything that it was given, in every form, and waits until it may fail. */
const TELLTALE = `#!/bin/sh
case "$*" in *backup*) ;; *) exec /usr/bin/restic "$@" ;; esac
exec 1>&2
for value in "$(cat /dev/fd/3)" "$RCLONE_CONFIG_NAS_SECRET_KEY" "$RCLONE_CONFIG_NAS_TOKEN"; do
  echo "plain $value"
  printf 'basic %s\\n' "$(printf 'user:%s' "$value" | base64 --wrap=0)"
  python3 -c 'import json, sys, urllib.parse; v = sys.argv[1]; print(json.dumps({"message_type": "error", "during": "scan", "item": "/data/" + v, "error": {"message": v}})); print("url", urllib.parse.quote(v)); print(v.encode().hex())' "$value"
done
touch "$TMP_SIGN/running"
while [ ! -e "$TMP_SIGN/go" ]; do sleep 0.05; done
echo "Fatal: the server said: $RCLONE_CONFIG_NAS_SECRET_KEY is wrong, so is $(cat /dev/fd/3)"
exit 1
`;

const FILES = {
  ...STATE_FILES,
  'hosts/motoko/policies.yaml': `remotes:
  nas: { type: host }
policies:
  offsite:
    kind: backup
    source: /data
    repository: rclone:nas:flux
    password: { secret: restic }
    schedule: "0 3 * * *"
  broken:
    kind: backup
    source: /data
    repository: /vault/repo
    password: { secret: fails }
    schedule: "0 3 * * *"
secrets:
  restic: { from: file, file: password }
  fails: { from: command, command: fails }
`,
};

test('no secret is in an argument, in another process, in what is kept, logged or published', async () => {
  await using rig = HostRig.make({ files: FILES });
  const bin = prepare(rig);
  const anchord = rig.begin({ PATH: `${bin}:${process.env['PATH'] ?? ''}` });
  await anchord.event('daemon.listening');
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  const inits = [
    await rig.command('policy', 'init', 'offsite'),
    await rig.command('policy', 'init', 'broken'),
  ];
  assert.equal(inits[0]?.code, 0, inits[0]?.stderr);
  assert.match(inits[1]?.stderr ?? '', /the command "fails" ended with 1 and said: cannot give \*\*\*/);

  const running = rig.command('policy', 'run', 'offsite');
  await soon(() => existsSync(join(rig.temp, 'running')), 'the backup runs');
  const holders = processesWith();
  writeFileSync(join(rig.temp, 'go'), '');
  const ran = await running;
  const run = await anchord.event('run.ended');
  await rig.untilPublished((status) => status.policies.some(({ lastRun }) => lastRun?.id === run.run.id));
  const told = [
    ...inits,
    ran,
    await rig.command('policy', 'log', 'offsite'),
    await rig.command('status', '--json'),
    await rig.command('history', '--json'),
    await rig.command('events', '--json'),
  ].map(({ stdout, stderr }) => stdout + stderr);

  assert.notEqual(ran.code, 0);
  assert.match(run.run.message ?? '', /the server said: \*\*\* is wrong, so is \*\*\*/);
  // The key is in the environment of restic and what it starts; the password not even there.
  assert.deepEqual(holders, { arguments: [], password: [], key: ['restic'] });
  assert.deepEqual(found(told.join('\n')), []);
  assert.deepEqual(found(JSON.stringify(anchord.events) + anchord.stderr), []);
  assert.deepEqual(found(everyFile(rig.state)), []);
  const clone = rig.clone();
  assert.deepEqual(found(clone.git('log', '--all', '--patch', '--text')), []);
});

/** Writes what the host settings name, and a restic that tells everything. Returns the folder of that. */
function prepare(rig: HostRig): string {
  const bin = join(rig.temp, 'bin');
  mkdirSync(bin);
  mkdirSync(join(rig.temp, 'cloud'));
  mkdirSync(join(rig.root, 'etc'), { recursive: true });
  writeFileSync(join(bin, 'restic'), TELLTALE.replaceAll('$TMP_SIGN', rig.temp), { mode: 0o755 });
  writeFileSync(join(rig.root, 'etc/password'), VALUES.password, { mode: 0o600 });
  writeFileSync(join(rig.temp, 'key'), VALUES.key, { mode: 0o600 });
  writeFileSync(join(rig.temp, 'printed'), VALUES.failing, { mode: 0o600 });
  const failing = 'cat "$1"; echo "cannot give $(cat "$1")" >&2; exit 1';
  rig.configure({
    allow: {
      secrets: {
        files: { password: '/etc/password' },
        commands: { fails: ['sh', '-c', failing, 'sh', join(rig.temp, 'printed')] },
      },
    },
    overrides: {
      remotes: {
        nas: {
          type: 'alias',
          remote: join(rig.temp, 'cloud'),
          secret_key: { file: join(rig.temp, 'key') },
          token: VALUES.printed,
        },
      },
    },
  });
  return bin;
}

/** Which processes have a value in an argument, or in their environment. */
function processesWith(): Record<'arguments' | 'password' | 'key', readonly string[]> {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      program: look(`/proc/${pid}/environ`).includes('RESTIC_PASSWORD_FILE=/dev/fd/3') ? 'restic' : pid,
      words: look(`/proc/${pid}/cmdline`),
      environment: look(`/proc/${pid}/environ`),
    }));
  const values = Object.values(VALUES);
  return {
    arguments: names(all.filter(({ words }) => values.some((value) => words.includes(value)))),
    password: names(all.filter(({ environment }) => environment.includes(VALUES.password))),
    key: names(all.filter(({ environment }) => environment.includes(VALUES.key))),
  };
}

function names(processes: readonly { readonly program: string }[]): readonly string[] {
  return [...new Set(processes.map(({ program }) => program))];
}

function look(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function everyFile(folder: string): string {
  return execFileSync('find', [folder, '-type', 'f', '-exec', 'cat', '{}', '+'], {
    maxBuffer: 256 * 1024 * 1024,
  }).toString('latin1');
}

/** The values that stand in a text, by the part that no way of writing changes, and encoded. */
function found(text: string): readonly string[] {
  return Object.entries(VALUES)
    .filter(([, value]) => {
      const core = value.slice(0, value.indexOf('/'));
      const forms = [core, Buffer.from(core).toString('hex'), ...aligned(core)];
      return forms.some((form) => text.includes(form));
    })
    .map(([name]) => name);
}

function aligned(core: string): readonly string[] {
  return [0, 1, 2].map((before) =>
    Buffer.from(`${'x'.repeat(before)}${core}`)
      .toString('base64')
      .slice(4, -4),
  );
}
