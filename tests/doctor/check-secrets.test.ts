import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { checkSecrets } from '../../daemon/doctor/check-secrets.ts';
import { saveTrustedState } from '../../daemon/reconcile/trusted-state.ts';
import { completeSettings } from '../../daemon/settings/host-settings.ts';
import { statePaths } from '../../daemon/settings/state-paths.ts';
import { stateWith } from '../policies/policy-rig.ts';

test('what no secret or remote can be had for is told with the command that mends it, and all else in two lines', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-doctor-'));
  try {
    const stateDir = join(folder, 'state');
    await mkdir(stateDir);
    await writeFile(join(folder, 'credentials'), 'RESTIC_PASSWORD=horse\n', { mode: 0o600 });
    const settings = completeSettings({
      host: 'motoko',
      repository: { url: '/srv/state.git' },
      stateDir,
      root: folder,
      allow: { secrets: { files: { credentials: '/credentials' } } },
    });
    const path = process.env['PATH'] ?? '';
    const nothing = await checkSecrets(settings, path);
    const state = {
      ...stateWith({}),
      remotes: {
        b2: { type: 'b2', account: 'id', key: { secret: 'key' } },
        nas: { type: 'host' },
      },
      secrets: {
        restic: { from: 'env-file', file: 'credentials', key: 'RESTIC_PASSWORD' },
        key: { from: 'env-file', file: 'credentials', key: 'B2_KEY' },
        service: { from: 'systemd-credential' },
      },
    } as const;
    await saveTrustedState(statePaths(stateDir).trustedState, '1', { revision: 'a'.repeat(40), state });

    const bad = await checkSecrets(settings, path);
    await writeFile(join(folder, 'credentials'), 'RESTIC_PASSWORD=horse\nB2_KEY=battery\n');
    const mended = await checkSecrets(
      { ...settings, overrides: { remotes: { nas: { type: 'alias', remote: folder } } } },
      path,
    );

    assert.deepEqual(nothing, []);
    assert.deepEqual(
      bad.map(({ level, remedy }) => [level, remedy]),
      [
        ['bad', `add B2_KEY=… to ${folder}/credentials`],
        ['bad', 'add overrides: { remotes: { nas: { type: … } } } to the host settings (docs/secrets.md)'],
      ],
    );
    assert.deepEqual(
      mended.map(({ level, message }) => `${level}: ${message}`),
      ['good: the 2 secrets can be had', 'good: the 2 remotes have what they need'],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
