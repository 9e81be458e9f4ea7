/** A small rule set that makes and reads rings. */
export const ringRules = `links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
  prefix: { by: [ip.prefix], strength: weak, hub_cap: 200, ttl: 14d, when: ip.is_vpn }
  template: { by: [device.template, email.shape], strength: weak, hub_cap: 200, ttl: 14d }
rules:
  - id: ring-of-many
    family: ring
    on: [signup]
    when: ring.size >= 3
    points: min(40, ring.size)
    reason: ring.size
    title: "{ring.size} accounts hang together"
    owner: abuse-team
    tests:
      - { name: many, given: { ring.size: 8 }, expect: fires }
      - { name: few, given: { ring.size: 2 }, expect: quiet }
      - { name: none, given: {}, expect: unknown }
reasons:
  ring.size: { title: Accounts that hang together, public: additional_verification_required }
policy:
  unavailable: { ring: limit }
`;
