import { BlockList, isIP } from 'node:net';

/** Addresses that are not the internet's: this machine, this network, and what stands for no host at all (RFC 6890). */
const INTERNAL: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const internal = new BlockList();
for (const [network, prefix, family] of INTERNAL) internal.addSubnet(network, prefix, family);

/** Whether an IP address is one of this machine or network, or none that a host has. Pure. */
export function isInternal(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  // An IPv4 address inside an IPv6 one, ::ffff:10.0.0.1, is checked as what it is: BlockList knows that form.
  return internal.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
