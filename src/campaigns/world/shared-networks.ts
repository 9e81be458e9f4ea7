import { type Network, networks } from './network.js';

/**
 * Samples of ranges that are no one person's line, chosen by hand and looked up in the ASN table that the service uses
 * (the same source as src/campaigns/world/countries.ts).
 */
export const hosting: readonly Network[] = networks(
  // DigitalOcean, OVH, Hetzner, Amazon, Google, Microsoft, Vultr, Linode, Alibaba
  '159.65.0.0/16 167.99.0.0/16 134.209.0.0/16 138.68.0.0/16 51.68.0.0/16 51.75.0.0/16 54.36.0.0/16 95.216.0.0/16 ' +
    '116.202.0.0/16 65.108.0.0/16 88.198.0.0/16 3.208.0.0/12 18.184.0.0/15 35.184.0.0/13 20.36.0.0/14 52.224.0.0/13 ' +
    '45.76.0.0/16 172.104.0.0/15 139.162.0.0/16 47.88.0.0/14',
);

/** Microsoft and Amazon, where hosted build runners live. */
export const runners: readonly Network[] = networks(
  '20.42.0.0/15 52.224.0.0/13 20.80.0.0/14 40.112.0.0/13 3.208.0.0/12',
);

/** Servers that commercial VPNs rent: M247, Datacamp, 31173, tzulo. */
export const vpnExits: readonly Network[] = networks(
  '146.70.128.0/17 89.187.160.0/19 156.146.32.0/19 138.199.0.0/18 37.19.192.0/19 193.138.218.0/24 185.213.154.0/24 ' +
    '68.235.32.0/19 45.83.220.0/22 185.65.134.0/23 141.98.252.0/22',
);

/** Operators of privacy relays: Akamai, Cloudflare, Fastly. */
export const relayExits: readonly Network[] = networks('172.225.0.0/16 104.28.0.0/16 146.75.128.0/17 140.248.0.0/16');

interface Campus {
  readonly country: string;
  readonly domain: string;
  readonly network: Network;
}

const campusRows: readonly (readonly [string, string, string])[] = [
  ['US', 'students.palmhill.edu', '171.64.0.0/14'],
  ['US', 'bayridge.edu', '128.32.0.0/16'],
  ['US', 'charlesbank.edu', '18.9.0.0/16'],
  ['US', 'lakewolverine.edu', '141.211.0.0/16'],
  ['CH', 'student.uni-limmat.ch', '129.132.0.0/16'],
  ['DE', 'stud.uni-isar.de', '129.187.0.0/16'],
  ['JP', 'g.ecc.hongo-u.ac.jp', '133.11.0.0/16'],
  ['GB', 'fenbridge.ac.uk', '131.111.0.0/16'],
  ['BR', 'alunos.butanta.edu.br', '143.107.0.0/16'],
  ['SG', 'u.kentridge.edu.sg', '137.132.0.0/16'],
  ['CA', 'mail.queenspark-u.ca', '128.100.0.0/16'],
  ['IN', 'powai-tech.ac.in', '103.21.124.0/22'],
  ['IE', 'students.liffey-u.ie', '134.226.0.0/16'],
  ['DK', 'alumni.oresund-u.dk', '130.225.0.0/16'],
];

/** Universities' own ranges; their mail domains here are invented. */
export const campuses: readonly Campus[] = campusRows.flatMap(([country, domain, cidr]) =>
  networks(cidr).map((network) => ({ country, domain, network })),
);
