/** A rule of the trial set: fires when the signup's plan is `plan`. */
export const planRule = (plan: string, atLeast: string, more = ''): string => `
  - id: trial-${plan}
    family: identity
    on: [signup]
    when: account.plan == "${plan}"
    points: 10
    at_least: ${atLeast}
    reason: identity.trial
    title: "Plan ${plan}"
    owner: trial${more}
`;

/**
 * Deterministic: the plan says what becomes of a signup (a hold for two reasons, each with a verification of its own); one
 * rule counts, one needs what the account said earlier.
 */
export const trialRules: Readonly<Record<string, string>> = {
  'policy.yml': `policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 3 }
  unavailable: { velocity: limit, ring: limit, ip_intel: ignore }
  fail: { store_down: reject, gate_unknown: deny, gate_max_staleness: 10m }
`,
  'reasons.yml': `reasons:
  identity.trial: { title: "Trial", public: additional_verification_required }
  history.fraud_label: { title: "Known to be fraud", public: additional_verification_required }
`,
  'trial.yml': `features:
  signups_per_device_1h: { count: event, by: [device.fingerprint], window: 1h, on: [signup] }
rules:${planRule('hold', 'hold', '\n    verify: [email]')}${planRule('limit', 'limit')}${planRule('deny', 'deny')}
  - id: trial-hold-too
    family: phone
    on: [signup]
    when: account.plan == "hold"
    points: 5
    at_least: hold
    verify: [phone]
    reason: identity.trial
    title: "Plan hold, a second reason"
    owner: trial
  - id: trial-count
    family: device
    on: [signup]
    when: signups_per_device_1h >= 1
    points: 1
    reason: identity.trial
    title: "{signups_per_device_1h} signups from this device"
    owner: trial
  - id: trial-remembered
    family: payment
    on: [api_key_created]
    when: payment.funding == "prepaid"
    points: 10
    at_least: hold
    reason: identity.trial
    title: "A key for an account with a prepaid card"
    owner: trial
`,
};
