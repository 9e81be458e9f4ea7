/**
 * A rule set of the size that a large team has: rules of eight kinds in turn, each with a title, two or three tests and an
 * owner, in files of 25, each with features, lists and predicates of its own. Text by path.
 */
export function makeRuleFiles(rules = 1000) {
  const files = new Map([
    ['policy.yml', policy],
    ['reasons.yml', reasons],
    ['lists/burned.txt', `# source: made up\n# date: 2026-11-01\n${numbered(2000, (n) => `burned${n}.example`)}`],
    ['lists/exits.txt', `# source: made up\n# date: 2026-11-01\n# type: cidr\n${numbered(5000, addressRange)}`],
  ]);
  const inFile = 25;
  for (let first = 0; first < rules; first += inFile) {
    const number = first / inFile;
    const count = Math.min(inFile, rules - first);
    files.set(`team-${number % 8}/rules-${number}.yml`, fileOf(number, first, count));
  }
  return files;
}

const numbered = (count, line) => Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('');
const addressRange = (n) => `${11 + Math.floor(n / 256)}.${n % 256}.0.0/${16 + (n % 9)}`;

const policy = `policy:
  thresholds: { limit: 30, hold: 60 }
  family_caps: { network: 45, email: 30, device: 45 }
  unavailable: { velocity: limit, ring: limit, ip_intel: ignore }
  fail: { store_down: reject, gate_unknown: deny, gate_max_staleness: 10m }
`;
const reasons = `reasons:
  payment.reused: { title: Payment method used by several accounts, public: additional_verification_required }
  network.anonymous: { title: Anonymous network, public: additional_verification_required }
  velocity.burst: { title: Many signups in a short time, public: additional_verification_required }
`;

function fileOf(number, first, count) {
  const features = [
    `  per_card_f${number}: { distinct: account.id, by: [payment.fingerprint], window: ${1 + (number % 89)}d, on: [signup, payment_method_added] }`,
    `  per_prefix_f${number}: { count: event, by: [ip.prefix], window: ${10 + number}m, on: [signup] }`,
    `  per_shape_f${number}: { count: event, by: [device.template, email.shape], window: ${1 + (number % 23)}h, on: [signup] }`,
  ];
  const predicates = [
    `  exit_f${number}: ip.is_vpn || ip.is_public_proxy || ip.is_tor || (ip.is_hosting && !ip.is_relay)`,
    `  fresh_f${number}: default(key_delay.seconds, 0) < ${60 + number} && !account.verified`,
  ];
  const texts = Array.from({ length: count }, (_, n) => ruleText(first + n, number));
  return `features:\n${features.join('\n')}\npredicates:\n${predicates.join('\n')}\nrules:\n${texts.join('')}`;
}

/** Condition, points, given that it fires on, given that it does not. */
const kinds = [
  (n, f) => [
    `per_card_f${f} >= ${3 + (n % 60)} && payment.bin == "45${n}"`,
    '20',
    `per_card_f${f}: 64, payment.bin: "45${n}"`,
    `per_card_f${f}: 1`,
  ],
  (n, f) => [
    `exit_f${f} && ip.asn == ${64000 + n} && per_prefix_f${f} > ${2 + (n % 40)}`,
    `min(20, 4 * per_prefix_f${f})`,
    `ip.is_vpn: true, ip.asn: ${64000 + n}, per_prefix_f${f}: 90`,
    `ip.asn: 1`,
  ],
  (n) => [
    `email.domain in lists.burned && email.looks_generated && ip.country == "${country(n)}"`,
    '15',
    `email.domain: burned1.example, email.looks_generated: true, ip.country: ${country(n)}`,
    'email.domain: mail.example',
  ],
  (n) => [
    `email.domain == "d${n}.example" && (email.is_disposable || email.is_role || email.entropy > 3.${n % 90})`,
    '10',
    `email.domain: d${n}.example, email.is_role: true`,
    'email.domain: mail.example',
  ],
  (n, f) => [
    `per_shape_f${f} >= ${n % 100} && per_shape_f${f} < ${(n % 100) + 9} && device.is_automation`,
    `min(30, 6 * log2(1 + per_shape_f${f}))`,
    `per_shape_f${f}: ${n % 100}, device.is_automation: true`,
    'device.is_automation: false',
  ],
  (n, f) => [
    `fresh_f${f} && in_cidr(ip.address, "10.${n % 256}.0.0/16") && has(phone.number)`,
    '12',
    `account.verified: false, key_delay.seconds: 1, ip.address: 10.${n % 256}.3.4, phone.number: "+15550001"`,
    'ip.address: 192.0.2.1',
  ],
  (n) => [
    `ip.address in lists.exits && device.browser == "b${n}" && !default(account.verified, false)`,
    '18',
    `ip.address: 11.1.2.3, device.browser: b${n}`,
    'ip.address: 192.0.2.1',
  ],
  (n) => [
    `email.address.startsWith("u${n}") && (ip.asn in [${n}, ${n + 1}, ${n + 2}] || payment.country != ip.country)`,
    '8',
    `email.address: u${n}@a.example, ip.asn: ${n}`,
    'email.address: ada@a.example',
  ],
];
const country = (n) => ['US', 'DE', 'FR', 'JP', 'BR', 'IN', 'KE'][n % 7];

function ruleText(n, f) {
  const [when, points, fires, quiet] = kinds[n % kinds.length](n, f);
  const family = ['payment', 'network', 'email', 'email', 'device', 'identity', 'network', 'email'][n % 8];
  const reason = ['payment.reused', 'network.anonymous', 'velocity.burst'][n % 3];
  return `  - id: made-rule-${n}
    family: ${family}
    on: [signup${n % 2 === 0 ? ', payment_method_added, api_key_created' : ''}]
    when: '${when}'
    points: ${points}
    reason: ${reason}
    title: "Pattern ${n}: {per_prefix_f${f}} signups from one network"
    owner: team-${f % 8}
    tests:
      - { name: as it was seen, given: { ${fires} }, expect: fires }
      - { name: somebody else, given: { ${quiet} }, expect: quiet }
      - { name: nothing known, given: {}, expect: unknown }
`;
}
