import { trialRules } from './trial-rules.js';

/** The trial set with links, and a rule that finds a ring out once it has eight accounts. */
export const ringTrialRules: Readonly<Record<string, string>> = {
  ...trialRules,
  'reasons.yml': `${trialRules['reasons.yml'] ?? ''}  ring.shared: { title: "Linked accounts", public: additional_verification_required }
`,
  'rings.yml': `links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 40, ttl: 180d }
  device: { by: [device.fingerprint], strength: strong, hub_cap: 40, ttl: 90d }
  prefix: { by: [ip.prefix], strength: weak, hub_cap: 200, ttl: 14d }
rules:
  - id: ring-large
    family: ring
    on: [signup]
    when: ring.size >= 8
    points: 40
    at_least: hold
    verify: [payment]
    reason: ring.shared
    title: "{ring.size} linked accounts"
    owner: trial
`,
};
