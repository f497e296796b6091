import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BootedContainer, cannotBoot } from './booted-container.ts';
import { furnishUnit } from './furnish-unit.ts';

// A remote that says when it was asked, and answers nothing until it may.
const REMOTE = `
  use strict; use IO::Socket::INET;
  my $in = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1:8123", ReuseAddr => 1) or die $!;
  while (my $asked = $in->accept) { open(my $f, ">", "/srv/asked"); sleep 1 until -e "/srv/go"; close $asked; }
`;

const SETTINGS = `
host: motoko
repository: { url: "http://127.0.0.1:8123/state.git", interval: 1s }
`;

function furnish(container: BootedContainer): void {
  furnishUnit(container, SETTINGS);
  container.put('srv/remote.pl', REMOTE);
  container.put(
    'etc/systemd/system/remote.service',
    '[Service]\nExecStart=/usr/bin/perl /srv/remote.pl\n[Install]\nWantedBy=multi-user.target\n',
  );
}

test(
  'under systemd: active only after the first round, started again when it hangs, ended cleanly',
  { skip: cannotBoot() ?? false },
  async () => {
    await using container = BootedContainer.install();
    furnish(container);
    await container.boot();
    container.run('systemctl start remote.service && systemctl start --no-block anchord.service');

    await container.until('the daemon asks its remote', () => container.run('ls /srv').includes('asked'));
    assert.equal(container.unit('anchord', 'ActiveState'), 'activating');
    container.run('touch /srv/go');
    await container.until('the unit is active', () => container.unit('anchord', 'ActiveState') === 'active');
    await container.until('it says how it is', () => container.unit('anchord', 'StatusText') !== '');
    assert.match(container.run('journalctl --unit=anchord --output=cat'), /"event":"look.failed"/);
    assert.match(
      container.run('cat /proc/$(systemctl show anchord -p MainPID --value)/status'),
      /NoNewPrivs:\t1/,
    );

    const first = container.unit('anchord', 'MainPID');
    container.run(`kill -STOP ${first}`);
    await container.until('another daemon is active', () => {
      const isActive = container.unit('anchord', 'ActiveState') === 'active';
      return isActive && container.unit('anchord', 'MainPID') !== first;
    });
    assert.equal(container.unit('anchord', 'NRestarts'), '1');
    assert.match(container.run('journalctl --unit=anchord --output=cat'), /Watchdog timeout/);

    container.run('systemctl stop anchord.service');
    assert.equal(container.unit('anchord', 'ActiveState'), 'inactive');
    assert.equal(container.unit('anchord', 'Result'), 'success');
    assert.equal(container.unit('anchord', 'ExecMainStatus'), '0');
    assert.match(container.run('journalctl --unit=anchord --output=cat'), /"event":"daemon.stopping"/);
  },
);
