import { type Mistake, mistakesIn, type Row } from './mistake.js';

/** What is allowed and probably not meant, in conditions: each is put into a rule on trial. */
const conditions: readonly (readonly [condition: string, code: string, also?: string])[] = [
  // Never true.
  ['«device.confidence > 1»', 'W007'],
  ['«device.confidence >= 90»', 'W007'],
  ['«device.confidence < 0»', 'W007'],
  ['«device.confidence == 95»', 'W007'],
  ['«1 < device.confidence»', 'W007'],
  ['«geo.local_hour == 24»', 'W007'],
  ['«geo.local_hour > 23»', 'W007'],
  ['«geo.local_hour < 0»', 'W007'],
  ['«ip.version == 5»', 'W007'],
  ['«ip.version in [5, 7]»', 'W007'],
  ['«ring.verified_share > 50»', 'W007'],
  ['«ring.size > 10000»', 'W007'],
  ['«ring.size == 2.5»', 'W007'],
  ['«accounts_per_card_90d > 64»', 'W007'],
  ['«accounts_per_card_90d >= 100»', 'W007'],
  ['«accounts_per_card_90d == 65»', 'W007'],
  ['«100 <= accounts_per_card_90d»', 'W007'],
  ['«accounts_per_card_90d < 0»', 'W007'],
  ['«accounts_per_card_90d == -1»', 'W007'],
  ['«accounts_per_card_90d == 2.5»', 'W007'],
  ['«signups_per_prefix_10m >= 500»', 'W007'],
  ['«card_fraud_180d > 64»', 'W007'],
  ['«trusted_per_ip >= 1000»', 'W007'],
  ['«domain_age < 0»', 'W007'],
  ['«ring.distinct_prefixes > 256»', 'W007'],
  ['«ring.families > 30»', 'W007'],
  ['«accounts_per_card_90d > 5 && accounts_per_card_90d < 3»', 'W018'],
  ['«accounts_per_card_90d > 5 && accounts_per_card_90d < 6»', 'W018'],
  ['«device.confidence >= 0.5 && device.confidence < 0.5»', 'W018'],
  ['«ip.country == "US" && ip.country == "CA"»', 'W018'],
  ['«ip.country == "US" && ip.is_vpn && ip.country in ["CA", "MX"]»', 'W018'],
  ['«ip.kind == "vpn" && ip.kind != "vpn"»', 'W018'],
  ['«ip.is_vpn && !ip.is_vpn»', 'W018'],
  ['«anonymous_exit && !anonymous_exit»', 'W018', 'W001'],
  ['«ip.is_vpn && ip.is_vpn == false»', 'W018'],
  ['«email.domain.endsWith(".edu") && !email.domain.endsWith(".edu")»', 'W018'],
  ['«has(ip.asn) && !has(ip.asn)»', 'W018'],
  ['«!has(ip.asn) && ip.asn == 64500»', 'W018'],
  ['«(ip.country == "US" || ip.country == "CA") && ip.country == "MX"»', 'W018'],
  ['«!(ip.is_vpn || ip.is_tor) && ip.is_tor»', 'W018', 'W001'],
  ['ip.is_vpn || («ip.country == "US" && ip.country == "CA"»)', 'W043'],
  ['ip.is_vpn || «ip.country in []»', 'W043'],
  ['ip.is_vpn && «event.type == "api_key_created"»', 'W007'],
  ['ip.is_vpn && «event.type in ["payment_method_added", "api_key_created"]»', 'W007'],
  ['«email.domain.size() < 0»', 'W043'],
  ['«email.domain.size() == 2.5»', 'W043'],
  ['«0 > email.domain.size()»', 'W043'],
  // True for every value.
  ['«accounts_per_card_90d >= 0»', 'W033'],
  ['«accounts_per_card_90d <= 64»', 'W033'],
  ['«device.confidence <= 1»', 'W033'],
  ['«ip.version >= 4»', 'W033'],
  ['«0 <= domain_age»', 'W033'],
  ['ip.is_vpn && «accounts_per_card_90d >= 0»', 'W033'],
  ['«ip.country != "US" || ip.country != "CA"»', 'W033'],
  ['ip.is_vpn && («ip.country != "US" || ip.country != "CA"»)', 'W033'],
  ['«accounts_per_card_90d > 3 || accounts_per_card_90d < 5»', 'W033'],
  ['«accounts_per_card_90d > 3 || accounts_per_card_90d <= 3»', 'W033'],
  ['«ip.is_vpn || !ip.is_vpn»', 'W033', 'W001'],
  ['«ip.kind in ["home", "mobile", "hosting", "vpn", "relay", "shared", "unknown"]»', 'W033'],
  ['«email.domain.size() >= 0»', 'W033'],
  ['«email.domain.size() != -1»', 'W033'],
  ['ip.is_vpn && «event.type != "api_key_created"»', 'W033'],
  ['«email.domain.contains("")»', 'W033'],
  ['«email.domain.matches("")»', 'W033'],
  // Written in another form than the input.
  ['email.domain == «"Gmail.com"»', 'W032'],
  ['email.domain == «"@gmail.com"»', 'W032'],
  ['email.domain == «"someone@gmail.com"»', 'W032'],
  ['email.domain == «"gmail.com "»', 'W032'],
  ['email.domain == «"https://gmail.com"»', 'W032'],
  ['«"GMAIL.COM"» == email.domain', 'W032'],
  ['email.domain in ["gmail.com", «"Yahoo.com"»]', 'W032'],
  ['email.domain.endsWith(«".EDU"»)', 'W032'],
  ['email.domain.endsWith(«"@gmail.com"»)', 'W032'],
  ['email.domain == «"münchen.example"»', 'W032'],
  ['email.domain == «"gmail.com."»', 'W032'],
  ['email.domain == «".sub.example"»', 'W032'],
  ['email.address == «"a.b@gmail.com"»', 'W032'],
  ['email.address == «"a-b@ymail.com"»', 'W032'],
  ['email.address in [«"A.B+x@googlemail.com"»]', 'W032'],
  ['email.address == «"someone@münchen.example"»', 'W032'],
  ['email.address == «"someone"»', 'W032'],
  ['email.mailbox == «"team+shop@firm.example"»', 'W032'],
  ['account.plan.lower() == «"PRO"»', 'W032'],
  ['account.plan.lower() in ["free", «"Pro"»]', 'W032'],
  ['account.plan.lower().startsWith(«"Pro"»)', 'W032'],
  ['ip.country == «"us"»', 'W032'],
  ['ip.country == «"USA"»', 'W032'],
  ['ip.country == «"UK"»', 'W032'],
  ['ip.country == «"United States"»', 'W032'],
  ['ip.country in ["US", «"ca"»]', 'W032'],
  ['payment.country != «"de"»', 'W032'],
  ['payment.brand == «"Visa"»', 'W032'],
  ['payment.bin == «"4571 73"»', 'W032'],
  ['payment.bin == «"457173******1234"»', 'W032'],
  ['phone.number == «"15551234567"»', 'W032'],
  ['phone.prefix == «"+1 555 123"»', 'W032'],
  ['ip.address == «"10.0.0.0/8"»', 'W032'],
  ['ip.address == «"::ffff:10.1.2.3"»', 'W032'],
  ['ip.address == «"2001:DB8::1"»', 'W032'],
  ['ip.address == «"2001:db8:0:0::1"»', 'W032'],
  ['ip.address == «"10.0.0.256"»', 'W032'],
  ['ip.address == «"10.0.0"»', 'W032'],
  ['ip.prefix == «"203.0.113.7"»', 'W032'],
  ['ip.prefix == «"203.0.0.0/16"»', 'W032'],
  ['«ip.asn» in lists.burned', 'W032'],
  ['«ip.address» in lists.burned', 'W032'],
  ['(ip.is_vpn && «accounts_per_card_90d» in lists.burned)', 'W032'],
  ['email.shape == «"L5D4"»', 'W032'],
  ['in_cidr(«ip.prefix», "10.0.0.0/8")', 'W032'],
  ['in_cidr(«email.domain», "10.0.0.0/8")', 'W032'],
  ['«ip.country» in lists.scanners', 'W032'],
  ['in_cidr(ip.address, «"10.1.2.3/8"»)', 'W044'],
  ['in_cidr(ip.address, «"2001:db8::1/32"»)', 'W044'],
  ['email.shape.matches(«"/^l5d4$/"»)', 'W045'],
  ['email.shape.matches(«"/^l5d4$/i"»)', 'W045'],
  ['payment.fingerprint != «""»', 'W032'],
  ['email.domain.startsWith(«"@"»)', 'W032'],
  ['email.domain == «"@"»', 'W032'],
  ['phone.number == «"x"»', 'W032'],
  ['«accounts_per_card_90d / 0» > 1', 'W043'],
  // Said twice, or for nothing.
  ['ip.is_vpn || ip.is_tor || «ip.is_vpn»', 'W034'],
  ['ip.is_vpn && accounts_per_card_90d > 3 && «accounts_per_card_90d  >  3»', 'W034'],
  ['ip.country in ["US", "CA", «"US"»]', 'W034'],
  ['«ip.country == ip.country»', 'W034'],
  ['«ip.is_vpn == true»', 'W035'],
  ['«ip.is_vpn != false» && ip.is_tor', 'W035'],
  ['«true == ip.is_vpn»', 'W035'],
  ['«has(account.id)» && ip.is_vpn', 'W031'],
  ['«default(event.type, "signup")» == "signup" && ip.is_vpn', 'W031'],
  ['«has(event.type)» && ip.is_vpn', 'W031'],
  ['«has(ip.address)» && ip.is_vpn', 'W031'],
  ['«default(ip.version, 4)» == 6 && ip.is_vpn', 'W031'],
  // Unknown where the input is missing, not true; told of rules on trial, too.
  ['«!phone.verified» && ip.is_vpn', 'W001'],
  ['!!«!phone.verified» && ip.is_vpn', 'W001'],
  ['«true»', 'W016'],
  ['«1 < 2»', 'W016'],
];

const inDevice = conditions.map(
  ([condition, code, also]): Mistake => ({
    file: 'device/automation.yml',
    right: '    when: device.is_automation && device.confidence >= 0.9',
    wrong: `    when: |\n      ${condition}`,
    code,
    ...(also === undefined ? {} : { also: [also] }),
  }),
);

const secondRule = (id: string, when: string, more = ''): string =>
  `  - id: ${id}
    family: payment
    on: [signup]
    when: «${when}»
    points: 4
    reason: payment.reused
    owner: abuse-team
    tests:
      - { name: one, given: { accounts_per_card_90d: 40${more} }, expect: fires }
      - { name: two, given: { accounts_per_card_90d: 1${more} }, expect: quiet }
`;

const wideRule = `rules:
  - id: payment-wide
    family: payment
    on: [signup]
    when: accounts_per_card_90d >= 2
    points: 4
    reason: payment.reused
    owner: abuse-team
    tests:
      - { name: one, given: { accounts_per_card_90d: 4 }, expect: fires }
      - { name: two, given: { accounts_per_card_90d: 1 }, expect: quiet }
`;

const payment: readonly Row[] = [
  [
    'rules:\n',
    `rules:\n${secondRule('payment-again', 'accounts_per_card_90d >= 3 || card_fraud_180d >= 1', ', card_fraud_180d: 0')}`,
    'W008',
  ],
  [
    'rules:\n',
    `rules:\n${secondRule('payment-again', 'card_fraud_180d >= 1 || accounts_per_card_90d >= 3', ', card_fraud_180d: 0')}`,
    'W008',
  ],
  [
    'rules:\n',
    `rules:\n${secondRule('payment-again', '3 <= accounts_per_card_90d || (card_fraud_180d > 0)', ', card_fraud_180d: 0')}`,
    'W008',
  ],
  ['rules:\n', `${wideRule}${secondRule('payment-narrow', 'accounts_per_card_90d >= 5')}`, 'W037'],
  ['rules:\n', `${wideRule}${secondRule('payment-narrow', 'accounts_per_card_90d in [3, 4, 40]')}`, 'W037'],
  [
    'rules:\n',
    `${wideRule}${secondRule('payment-narrow', 'accounts_per_card_90d > 2 && accounts_per_card_90d < 50')}`,
    'W037',
  ],
  [
    'when: accounts_per_card_90d >= 3 || card_fraud_180d >= 1',
    'when: |\n      «(accounts_per_card_90d >= 3 || card_fraud_180d >= 1) && accounts_per_card_90d < 3 && card_fraud_180d < 1»',
    'W018',
  ],
  [
    "- { when: 'email.domain",
    "- «{ when: 'accounts_per_card_90d >= 3 || card_fraud_180d >= 1', why: a, owner: b, until: 2031-01-01 }»\n      - { when: 'email.domain",
    'W010',
  ],
  [
    "- { when: 'email.domain",
    "- «{ when: 'accounts_per_card_90d == 0 && card_fraud_180d == 0', why: a, owner: b, until: 2031-01-01 }»\n      - { when: 'email.domain",
    'W010',
  ],
  ['until: 2030-01-01', 'until: «2026-11-21»', 'W030'],
  ['until: 2030-01-01', 'until: «2026-12-05»', 'W030'],
  ['when: \'email.domain == "uni.example"\'', 'when: \'email.domain == «"Uni.Example"»\'', 'W032'],
  ['{ accounts_per_card_90d: 3 }', '{ accounts_per_card_90d: 3, «ip.is_vpn»: true }', 'W014'],
  [
    'window: 90d, on: [signup, payment_method_added] }',
    'window: 90d }\n  «unread_1d»: { count: event, by: [payment.bin], window: 1d }',
    'W002',
  ],
  [
    '{ distinct: account.id, by: [payment.fingerprint], window: 90d, on',
    '{ distinct: account.id, by: [payment.fingerprint], window: 90d, exact_to: 2, on',
    'W007',
  ],
  [
    'distinct: account.id, by: [payment.fingerprint]',
    'distinct: account.id, by: [payment.fingerprint, «account.id»]',
    'W004',
  ],
  ['window: 180d }', 'window: 180d }\npredicates:\n  «idle»: ip.is_vpn', 'W011'],
];

const network: readonly Row[] = [
  ['points: 12', 'points: «0»', 'W038'],
  ['points: 12', 'points: «120»', 'W039'],
  ['points: 12', 'points: «12»\n    points_max: 10', 'W039'],
  ['points: 12', 'points: 12\n    at_least: «hold»', 'W005'],
  [
    'when: anonymous_exit && signups_per_prefix_10m > 2',
    'when: anonymous_exit && «signups_per_prefix_10m > 200»',
    'W007',
  ],
  [
    'when: anonymous_exit && signups_per_prefix_10m > 2',
    'when: anonymous_exit && «signups_per_prefix_10m >= 0»',
    'W033',
  ],
  [
    'when: anonymous_exit && signups_per_prefix_10m > 2',
    'when: anonymous_exit && «!ip.is_shared» && signups_per_prefix_10m > 2',
    'W001',
  ],
  ...[
    '!(email.domain in lists.burned)',
    '!(phone.type == "mobile")',
    '!email.domain.endsWith(".edu")',
    '!(ip.is_shared || ip.is_relay)',
    '!(ip.country in ["US", "CA"])',
  ].map(
    (negation): Row => [
      'when: anonymous_exit && signups_per_prefix_10m > 2',
      `when: >\n      anonymous_exit && «${negation}» && signups_per_prefix_10m > 2`,
      'W001',
    ],
  ),
  [
    'when: anonymous_exit && signups_per_prefix_10m > 2',
    'when: anonymous_exit && signups_per_prefix_10m > 2 && «usage.requests» > 3',
    'W040',
  ],
  [
    'when: anonymous_exit && signups_per_prefix_10m > 2',
    'when: anonymous_exit && signups_per_prefix_10m > 2 && «usage.ip_changed_since_signup»',
    'W040',
  ],
  [
    '      - { name: at home, given: { ip.is_vpn: false, ip.is_public_proxy: false, ip.is_tor: false }, expect: quiet }\n',
    '',
    'W009',
  ],
  [
    'ip.is_vpn || ip.is_public_proxy || ip.is_tor\n',
    'ip.is_vpn || ip.is_public_proxy || ip.is_tor || «ip.is_vpn»\n',
    'W034',
  ],
  [
    'known_network: ip.is_shared || default(trusted_per_ip, 0) > 3',
    'known_network: ip.is_shared || «trusted_per_ip >= 0»',
    'W033',
  ],
];

const ring: readonly Row[] = [
  ['  card: { by: [payment.fingerprint], strength: strong', '  card: { by: [ip.address], strength: «strong»', 'W022'],
  ['  card: { by: [payment.fingerprint], strength: strong', '  card: { by: [ip.version], strength: «strong»', 'W022'],
  [
    '  card: { by: [payment.fingerprint], strength: strong',
    '  card: { by: [email.is_free, ip.country], strength: «strong»',
    'W022',
  ],
  ['prefix: { by: [ip.prefix]', '«prefix»: { by: [email.shape, device.template]', 'W023'],
  ['  prefix: { by: [ip.prefix], strength: weak, hub_cap: 200, ttl: 14d }\n', '', 'W021'],
  ['when: template_burst.z >= 8', 'when: «ip.version > 6»', 'W007'],
];

const reasons: readonly Row[] = [
  ['reasons:\n', 'reasons:\n  «payment.stolen»: { title: Stolen card, public: access_refused }\n', 'W041'],
];

export const doubtfulRules: readonly Mistake[] = [
  ...inDevice,
  ...mistakesIn('payment/reuse.yml', payment),
  ...mistakesIn('network/exits.yml', network),
  ...mistakesIn('ring/rings.yml', ring),
  ...mistakesIn('reasons.yml', reasons),
  {
    file: 'network/exits.yml',
    right: 'signups_per_prefix_10m: {',
    wrong: 'signups_per_prefix_10m: { count: event, by: [ip.prefix], window: 10m, on: [signup] }\n  «signups_again»: {',
    code: 'W042',
    // Nobody has read it yet, either.
    also: ['W002'],
  },
  {
    file: 'lists/burned.txt',
    right: '# source: our own disputes\n',
    wrong: '',
    code: 'W015',
  },
];
