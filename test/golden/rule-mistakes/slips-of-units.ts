import { type Mistake, mistakesIn, type Row } from './mistake.js';

const when = 'when: accounts_per_card_90d >= 3 || card_fraud_180d >= 1';

/** Units, shares and words that other programs write in another way; conditions over several lines. */
const payment: readonly Row[] = [
  ['window: 90d', 'window: «90days»', 'E015', '90d'],
  ['window: 90d', 'window: «90 Days»', 'E015', '90d'],
  ['window: 90d', 'window: «90 d»', 'E015', '90d'],
  ['window: 90d', 'window: «90.0d»', 'E015', '90d'],
  ['window: 90d', 'window: «-90d»', 'E015', '90d'],
  ['window: 90d', 'window: «P90D»', 'E015', '90d'],
  ['window: 90d', 'window: «"90d "»', 'E015', '90d'],
  ['window: 90d', 'window: «2160hrs»', 'E015', '2160h'],
  ['window: 90d', 'window: «10 min»', 'E015', '10m'],
  ['window: 90d', 'window: «1 week»', 'E015', '1w'],
  ['window: 90d', 'window: «3 months»', 'E015', '90d'],
  ['window: 90d', 'window: «1yr»', 'E015', '365d'],
  ['window: 90d', 'window: «2160»', 'E015'],
  [
    'accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d',
    '«accounts_per_card_90d»: { distinct: account.id, by: [payment.fingerprint], window: 90m',
    'W047',
  ],
  [
    'accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d',
    '«accounts_per_card_90d»: { distinct: account.id, by: [payment.fingerprint], window: 90h',
    'W047',
  ],
  [
    'accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d',
    '«accounts_per_card_90d»: { distinct: account.id, by: [payment.fingerprint], window: 9d',
    'W047',
  ],
  ['share: 5%', 'share: «0.05»', 'E016', '5%'],
  ['share: 5%', 'share: «5»', 'E016', '5%'],
  ['share: 5%', 'share: «.5»', 'E016'],
  ['over: 10m', 'over: «10 minutes»', 'E015', '10m'],
  ['over: 10m', 'over: «10min»', 'E015', '10m'],
  [
    when,
    'when: >\n      accounts_per_card_90d >= 3\n      || card_fraud_180d >= 1\n      || «card_fruad_180d» >= 2',
    'E101',
    'card_fraud_180d',
  ],
  [
    when,
    'when: |\n      accounts_per_card_90d >= 3 ||\n\n        (card_fraud_180d > 1 &&\n          «ip.is_vnp»)',
    'E101',
    'ip.is_vpn',
  ],
  [when, 'when: >-\n      accounts_per_card_90d >= 3\n\n      || ip.is_vpn «and» ip.is_tor', 'E144'],
  [when, 'when: |-\n      accounts_per_card_90d >= 3 ||\n      ip.country in ["US",\n        "CA" «"MX"»]', 'E100'],
  [when, 'when: |\n      accounts_per_card_90d >= 3\n     «|| card_fraud_180d >= 1»', 'E001'],
  [when, 'when: >\n        accounts_per_card_90d >= 3\n      «|| card_fraud_180d >= 1»', 'E001'],
  [when, 'when: |2\n      accounts_per_card_90d >= 3 || «ip.is_vnp»', 'E101', 'ip.is_vpn'],
  [
    when,
    "when: '\n      accounts_per_card_90d >= 3\n      || ip.country == ''US'' || «ip.is_vnp»'",
    'E101',
    'ip.is_vpn',
  ],
  [when, 'when: "accounts_per_card_90d >= 3\n      || ip.country == \\"US\\" || «ip.is_vnp»"', 'E101', 'ip.is_vpn'],
  ['      - { name: third account', '      «-»{ name: third account', 'E001'],
  ['    owner: abuse-team\n    mode', '    «<<»: *everybody\n    owner: abuse-team\n    mode', 'E004'],
  ['until: 2030-01-01', 'until: «2030-02-30»', 'E017'],
  ['until: 2030-01-01', 'until: «01.01.2030»', 'E017'],
  ['points: min(45, 9 * log2(1 + accounts_per_card_90d))', 'points: 40«%»', 'E142'],
  ['points: min(45, 9 * log2(1 + accounts_per_card_90d))', 'points: 40 «points»', 'E100'],
];

const email: readonly Row[] = [
  ['domain_age < 30d', 'domain_age < «30»', 'W046'],
  ['domain_age < 30d', '«7» > domain_age', 'W046'],
  ['domain_age < 30d', 'domain_age < «30 d»', 'E121', '30d'],
  ['domain_age < 30d', 'domain_age < «2 months»', 'E121', '60d'],
  ['domain_age < 30d', 'domain_age < «4wks»', 'E121', '4w'],
];

const device: readonly Row[] = [
  ['device.confidence >= 0.9', 'device.form_ms < «2s»', 'W046', '2000'],
  ['device.confidence >= 0.9', 'device.browser_age_d > «90d»', 'W046', '90'],
  ['device.confidence >= 0.9', 'account.age_s < «7»', 'W046'],
  ['device.confidence >= 0.9', 'email.entropy > «3s»', 'W046'],
];

const network: readonly Row[] = [
  ['{ rollout: 20% }', '{ rollout: «20» }', 'E016', '20%'],
  ['{ rollout: 20% }', '{ rollout: «0.2» }', 'E016', '20%'],
  ['{ rollout: 20% }', '{ rollout: «120%» }', 'E016'],
  [
    'signups_per_prefix_10m: { count: event, by: [ip.prefix], window: 10m',
    '«signups_per_prefix_10m»: { count: event, by: [ip.prefix], window: 10h',
    'W047',
  ],
  ['ip.address: 192.0.2.1', 'ip.address: «192.0.2.300»', 'E031'],
  ['ip.address: 192.0.2.1', 'ip.address: «192.0.2.0/24»', 'E031'],
];

const burned: readonly Row[] = [
  ['mail.example', '«https://mail.example/»', 'W032', 'mail.example'],
  ['mail.example', '«*.mail.example»', 'W032', 'mail.example'],
  ['mail.example', '«someone@mail.example»', 'W032', 'mail.example'],
  ['mail.example', '«mail.example, more.example»', 'W032'],
  ['# date: 2026-11-01', '# date: «11/01/2026»', 'W015'],
  ['# date: 2026-11-01', '# date: «2026-13-01»', 'W015'],
];

const policy: readonly Row[] = [
  ['held_share: 0.5%', 'held_share: «0.005»', 'E016', '0.5%'],
  ['held_share: 0.5%', 'held_share: «0.5»', 'E016', '0.5%'],
  ['held_share: 0.5%', 'held_share: «0.01»', 'E016', '1%'],
  ['held_share: 0.5%', 'held_share: «2»', 'E016', '2%'],
  ['held_share: 0.5%', "held_share: «'0,5%'»", 'E016'],
  ['gate_max_staleness: 10m', 'gate_max_staleness: «10mins»', 'E015', '10m'],
  ['younger_than: 30d', 'younger_than: «1 month»', 'E015', '30d'],
];

export const slipsOfUnits: readonly Mistake[] = [
  ...mistakesIn('payment/reuse.yml', payment),
  ...mistakesIn('email/domains.yml', email),
  ...mistakesIn('device/automation.yml', device),
  ...mistakesIn('network/exits.yml', network),
  ...mistakesIn('lists/burned.txt', burned),
  ...mistakesIn('policy.yml', policy),
];
