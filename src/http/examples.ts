/** Shown in the OpenAPI document; the tests send them. */
export const exampleEvent = {
  type: 'signup',
  event_id: 'evt_01JD8',
  occurred_at: '2026-05-01T12:00:00.000Z',
  account: { id: 'acct_9134', organization: 'Bright Tutor LLC', plan: 'api-paid', path: 'standard' },
  ip: '203.0.113.77',
  email: { address: 'li.wei.88213@mail.example', verified: true },
  device: { fingerprint: 'fp_7ac1', confidence: 0.92, platform: 'Win32', timezone: 'Asia/Shanghai' },
  payment: { fingerprint: 'pm_fp_11c', bin: '45717360', brand: 'visa', funding: 'credit', country: 'US' },
};

export const exampleDecision = {
  id: 'dec_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  event_id: 'evt_01JD8',
  type: 'signup',
  account_id: 'acct_9134',
  outcome: 'hold',
  score: 87,
  access: { state: 'held', version: 1 },
  reasons: [
    {
      code: 'payment.reused',
      rule: 'payment-many-accounts',
      points: 40,
      title: '11 accounts used this payment method in 90 days',
      evidence: { accounts_per_card_90d: 11 },
    },
  ],
  public_reason: 'additional_verification_required',
  verify: ['phone', 'business'],
  case_id: 'case_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  ring: null,
  shadow: [],
  ruleset: { version: '2026-11-20.3', hash: 'sha256:4be1' },
  unknown: ['ip.is_vpn'],
  degraded: [],
  decided_at: '2026-11-21T02:20:11.402Z',
  duration_ms: 3.1,
};

export const exampleToken = '7d1f6f0e9b';

export const exampleRing = {
  id: 'ring_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  state: 'detected',
  size: 42,
  first_seen_at: '2026-11-20T22:04:10.000Z',
  changed_at: '2026-11-21T02:20:11.402Z',
  statistics: {
    growth_1h: 17,
    age_h: 4.267,
    strong_links: 3,
    families: 2,
    distinct_prefixes: 39,
    distinct_asns: 4,
    held_share: 0.9,
    fraud_labels: 1,
    verified_share: 0,
    purity: 0.857,
  },
  detected_at: '2026-11-20T22:31:55.120Z',
  decision_id: 'dec_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  case_id: 'case_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
};

export const exampleRingMember = {
  account_id: 'acct_9134',
  joined_at: '2026-11-20T22:04:10.000Z',
  state: 'held',
  verified: false,
};

export const exampleRingDetail = {
  ...exampleRing,
  reasons: [{ link: 'card', keys: 3, accounts: 42 }],
  members: [exampleRingMember],
  holds: [
    {
      batch_id: 'batch_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
      kind: 'retro_hold',
      state: 'done',
      created_at: '2026-11-20T22:31:55.120Z',
      undone_at: null,
      held: 11,
      spared: 1,
    },
  ],
};

export const exampleRingGraph = {
  id: exampleRing.id,
  size: 42,
  is_whole: false,
  nodes: [
    { kind: 'account', id: 'acct_9134', state: 'held', verified: false, joined_at: '2026-11-20T22:04:10.000Z' },
    { kind: 'key', id: '5be0c2719d', link: 'card', accounts: 1 },
  ],
  edges: [{ account: 'acct_9134', key: '5be0c2719d' }],
};
