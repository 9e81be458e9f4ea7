/** Rules of every kind that a record has to tell enough about: counts, labels, bursts, what was remembered, lists, roll-outs. */
export const mixedRules: Readonly<Record<string, string>> = {
  'policy.yml': `policy:
  thresholds: { limit: 20, hold: 45 }
  family_caps: { network: 12 }
  hold_needs_families: 2
  limit: { requests_per_day: 3 }
`,
  'reasons.yml': `reasons:
  identity.mixed: { title: "Mixed", public: additional_verification_required }
`,
  'mixed.yml': `features:
  accounts_per_card_30d: { distinct: account.id, by: [payment.fingerprint], window: 30d, on: [signup, payment_method_added] }
  signups_per_prefix_1h: { count: event, by: [ip.prefix], window: 1h, on: [signup] }
  card_fraud_30d: { labelled: fraud, by: [payment.fingerprint], window: 30d }
  shape_burst: { burst: signup, by: [email.shape], window: 24h, baseline: 21d, min: 4 }
predicates:
  rented: ip.is_hosting || ip.is_vpn
rules:
${[
  [
    'card-shared',
    'payment',
    '[signup, payment_method_added, api_key_created]',
    'accounts_per_card_30d >= 2',
    'min(40, 12 * log2(accounts_per_card_30d))',
    '',
  ],
  [
    'card-fraud',
    'payment',
    '[signup, payment_method_added, api_key_created]',
    'card_fraud_30d >= 1',
    '30',
    '\n    at_least: hold',
  ],
  ['exit', 'network', '[signup]', 'rented', '15', ''],
  ['crowd', 'velocity', '[signup]', 'signups_per_prefix_1h >= 6 || default(shape_burst.ratio, 1) >= 1', '14', ''],
  [
    'throw-away',
    'email',
    '[signup]',
    'email.is_disposable && !default(account.verified, false)',
    '16',
    '\n    except:\n      - { when: \'account.plan == "partner"\', why: their mail, owner: trust, until: 2030-01-01 }',
  ],
  ['remembered-prepaid', 'payment', '[api_key_created]', 'payment.funding == "prepaid"', '22', ''],
  ['driven', 'usage', '[api_key_used]', 'usage.per_hour >= 400 || usage.distinct_ips > 5', '25', ''],
  ['half', 'device', '[signup, api_key_created]', 'device.confidence < 0.5', '18', '\n    mode: { rollout: 50% }'],
  ['watched', 'phone', '[signup]', 'has(phone.number) == false', '50', '\n    mode: shadow'],
  [
    'planned',
    'history',
    '[signup, api_key_created]',
    'account.plan == "held"',
    '5',
    '\n    at_least: hold\n    verify: [email]',
  ],
  ['known-business', 'identity', '[signup]', 'account.plan == "partner"', '-12', ''],
]
  .map(
    ([id, family, on, when, points, more]) => `  - id: ${id}
    family: ${family}
    on: ${on}
    when: '${(when ?? '').replaceAll("'", "''")}'
    points: ${points}
    reason: identity.mixed
    title: "${id}"
    owner: trial${more}
`,
  )
  .join('')}`,
  'lists/hosting.txt': '# source: test\n# date: 2026-11-01\n198.51.100.0/24\n',
  'lists/disposable_domains.txt': '# source: test\n# date: 2026-11-01\nthrown.example\n',
};

const plans = ['api-paid', 'partner', 'free'];
const domains = ['mail.example', 'thrown.example', 'corp.example'];

/** The card of an account of `mixedEvents`. */
export const mixedCard = (n: number): string => `pm_canary_${n % 23}`;

/** Accounts that sign up, add a card, make a key and use it, a few of them sharing cards and networks. */
export function mixedEvents(accounts: number): Record<string, unknown>[] {
  return Array.from({ length: accounts }, (_, n) => n).flatMap((n) => {
    const account = { id: `mixed_${n}`, plan: plans[Math.floor(n / 2) % 3] };
    const ip = n % 4 === 0 ? `198.51.100.${n % 250}` : `203.0.${n % 7}.${n % 250}`;
    const email = { address: `canary${n}@${domains[n % domains.length]}` };
    const device = { fingerprint: `fp_${n % 11}`, confidence: (n % 10) / 10 };
    const phone = n % 5 === 0 ? {} : { phone: { number: `+1415555${String(1000 + n)}` } };
    const payment = { fingerprint: mixedCard(n), funding: n % 3 === 0 ? 'prepaid' : 'credit', country: 'US' };
    const use = { window_s: 3600, requests: (n * 37) % 900, distinct_ips: n % 8 };
    const one = (type: string, more: object) => ({
      type,
      event_id: `evt_${type}_${n}`,
      account: { id: account.id },
      ...more,
    });
    return [
      { ...one('signup', { ip, email, device, ...phone, ...(n % 2 === 0 ? { payment } : {}) }), account },
      ...(n % 2 === 1 ? [one('payment_method_added', { payment })] : []),
      one('api_key_created', { ip, api_key: { id: `key_${n}` } }),
      ...(n % 3 === 0 ? [one('api_key_used', { ip, api_key: { id: `key_${n}` }, usage: use })] : []),
    ];
  });
}
