import type { Finding, ValuePath } from '../parse/finding.ts';
import type { CheckContext } from './check-context.ts';

/** Accounts that Debian and its packages bring, or that open more than a share. */
const SYSTEM_ACCOUNTS: ReadonlySet<string> = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup ' +
    'adm tty disk kmem dialout fax voice cdrom floppy tape sudo wheel admin audio dip operator src shadow utmp video ' +
    'sasl plugdev staff users netdev messagebus sshd ssh avahi avahi-autoipd polkitd polkit dnsmasq ntp ntpsec chrony ' +
    'tss uuidd rtkit lxd docker podman libvirt libvirt-qemu kvm render input sgx crontab postfix exim debian-exim ' +
    'mysql postgres redis mongodb nginx apache git gdm sddm lightdm colord geoclue pulse statd rpc nfsnobody ' +
    'samba sambashare syslog landscape pollinate tcpdump anchord'
  ).split(' '),
);

const SHARE_NAMES: ReadonlySet<string> = new Set([
  'global',
  'homes',
  'printers',
  'print',
  'ipc',
  'admin',
  'netlogon',
  'sysvol',
]);

/** Names that mean something else already are refused, and so is giving files to a privileged group. */
export function checkReservedNames({ state }: CheckContext): readonly Finding[] {
  return [
    ...Object.keys(state.users).filter(isSystemAccount).map(systemAccount),
    ...Object.keys(state.shares)
      .filter((name) => SHARE_NAMES.has(name))
      .map((name) =>
        reserved(['shares', name], `Samba itself means something by the share name ${name}; choose another`),
      ),
    ...Object.keys(state.policies)
      .filter((name) => name.startsWith('anchord-'))
      .map((name) =>
        reserved(
          ['policies', name],
          `policy names that begin with anchord- are anchord's own, so ${name} needs another`,
        ),
      ),
    ...Object.entries(state.directories).flatMap(([path, { group, mode }]): Finding[] => {
      const isSetgid = mode !== undefined && /^[23][0-7]{3}$/.test(mode);
      if (!isSetgid || group === undefined || !isSystemAccount(group) || group === 'users') return [];
      const message = `with setgid and the group ${group} every file made there would belong to a group of the system; name a user's own group`;
      return [{ code: 'forbidden', at: ['directories', path, 'group'], on: 'value', message, found: group }];
    }),
  ];
}

function isSystemAccount(name: string): boolean {
  return SYSTEM_ACCOUNTS.has(name) || name.startsWith('systemd-');
}

function systemAccount(name: string): Finding {
  return reserved(
    ['users', name],
    `${name} is an account of the system, which a push must not touch; choose another name`,
  );
}

function reserved(at: ValuePath, message: string): Finding {
  return { code: 'forbidden', at, on: 'key', message };
}
