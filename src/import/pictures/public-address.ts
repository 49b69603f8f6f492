import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are not the public Internet (the registry of special-purpose addresses of IANA). */
const SPECIAL_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];

/** Networks of IPv6 within 2000::/3 that are not the public Internet, or that lead to addresses of IPv4. */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const special = new BlockList();
for (const network of SPECIAL_V4) add(network, 'ipv4');
for (const network of SPECIAL_V6) add(network, 'ipv6');
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

function add(network: string, family: 'ipv4' | 'ipv6'): void {
  const [address, prefix] = network.split('/');
  special.addSubnet(address!, Number(prefix), family);
}

/** Whether an IP address is one of the public Internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  return (
    isIP(address) === 6 && !address.includes('%') && global.check(address, 'ipv6') && !special.check(address, 'ipv6')
  );
}
