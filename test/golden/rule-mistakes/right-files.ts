/** A rule set of several files without an error or a warning: mistakes are put into it one at a time. */
const policy = `# How points become an outcome.
policy:
  thresholds: { limit: 30, hold: 60 }
  family_caps: { network: 20, email: 22, velocity: 29 }
  hold_needs_families: 2
  limit: { requests_per_day: 50 }
  probation: { for: 24h, requests_per_day: 200 }
  unavailable: { velocity: limit, ring: limit, ip_intel: ignore }
  fail: { store_down: reject, gate_unknown: deny, gate_max_staleness: 10m }
  rescore: [1h, 6h, 24h]
  retro_hold: { max_accounts_per_hour: 2000, spare: [verified, paid_30d], younger_than: 30d }
  budget: { held_share: 0.5%, over: 1d }
  sla: { default: 24h, manual.hold: 2h }
  cost: { plan: { enterprise: 10 } }
`;

const reasons = `reasons:
  payment.reused: { title: Payment method used by several accounts, public: additional_verification_required }
  network.anonymous: { title: Anonymous network, public: additional_verification_required }
  email.throw_away: { title: Throw-away mailbox, public: usage_limited }
  velocity.burst: { title: Unusual burst, public: additional_verification_required }
  ring.grows: { title: Growing ring, public: additional_verification_required }
  device.automation: { title: Driven by a program, public: usage_limited }
`;

const payment = `# Cards that come back.
features:
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup, payment_method_added] }
  card_fraud_180d: { labelled: fraud, by: [payment.fingerprint], window: 180d }
rules:
  - id: payment-many-accounts
    family: payment
    on: [signup, payment_method_added]
    when: accounts_per_card_90d >= 3 || card_fraud_180d >= 1
    points: min(45, 9 * log2(1 + accounts_per_card_90d))
    points_max: 45
    at_least: hold
    verify: [payment, phone]
    reason: payment.reused
    title: "{accounts_per_card_90d} accounts used this payment method in 90 days"
    owner: abuse-team
    mode: live
    except:
      - { when: 'email.domain == "uni.example"', why: shared lab card, owner: trust, until: 2030-01-01 }
    fuse: { share: 5%, min: 50, over: 10m }
    tests:
      - { name: third account, given: { accounts_per_card_90d: 3 }, expect: fires }
      - { name: no card, given: {}, expect: unknown }
      - name: a card of its own
        given:
          accounts_per_card_90d: 1
          card_fraud_180d: 0
        expect: quiet
`;

const network = `features:
  signups_per_prefix_10m: { count: event, by: [ip.prefix], window: 10m, on: [signup] }
  trusted_per_ip:
    trusted: account.id
    by: [ip.address]
    older_than: 7d
predicates:
  anonymous_exit: ip.is_vpn || ip.is_public_proxy || ip.is_tor
  known_network: ip.is_shared || default(trusted_per_ip, 0) > 3
rules:
  - id: network-anonymous
    family: network
    on: [signup]
    when: anonymous_exit && signups_per_prefix_10m > 2
    points: min(20, 4 * signups_per_prefix_10m)
    reason: network.anonymous
    title: "{signups_per_prefix_10m} signups from one network in ten minutes"
    owner: abuse-team
    tests:
      - { name: a burst, given: { ip.is_vpn: true, signups_per_prefix_10m: 9 }, expect: fires }
      - { name: at home, given: { ip.is_vpn: false, ip.is_public_proxy: false, ip.is_tor: false }, expect: quiet }
  - id: network-scanner
    family: network
    on: [signup, api_key_created]
    when: (ip.address in lists.scanners || ip.asn in lists.bad_asns) && known_network == false
    points: 12
    reason: network.anonymous
    owner: abuse-team
    mode: { rollout: 20% }
    tests:
      - { name: listed, given: { ip.asn: 64500, ip.is_shared: false }, expect: fires }
      - { name: not listed, given: { ip.address: 192.0.2.1, ip.asn: 64511 }, expect: quiet }
`;

const email = `features:
  domain_age: { age: seconds, by: [email.domain] }
rules:
  - id: email-throw-away
    family: email
    on: [signup]
    when: email.is_disposable && !default(email.is_relay, false)
    points: 16
    reason: email.throw_away
    owner: abuse-team
    mode: shadow
  - id: email-burned
    family: email
    on: [signup]
    when: email.domain in lists.burned && domain_age < 30d
    points: 10
    reason: email.throw_away
    owner: abuse-team
    tests:
      - { name: burned, given: { email.domain: mail.example, domain_age: 60 }, expect: fires }
      - { name: other, given: { email.domain: uni.example }, expect: quiet }
`;

const ring = `features:
  template_burst: { burst: signup, by: [device.template, email.shape], window: 24h, baseline: 21d, min: 4 }
links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
  template: { by: [device.template, email.shape], strength: weak, hub_cap: 500, ttl: 14d, when: template_burst.z >= 8 }
  prefix: { by: [ip.prefix], strength: weak, hub_cap: 200, ttl: 14d }
rules:
  - id: ring-grows-fast
    family: ring
    on: [signup]
    when: ring.size >= 6 && ring.growth_1h >= 4 && ring.verified_share < 0.2
    points: min(35, 8 * log2(ring.size))
    verify: [phone, document]
    reason: ring.grows
    title: "one of {ring.size} accounts, {ring.growth_1h} of them new in an hour"
    owner: abuse-team
    tests:
      - { name: a dozen, given: { ring.size: 12, ring.growth_1h: 9, ring.verified_share: 0 }, expect: fires }
      - { name: a family, given: { ring.size: 3, ring.growth_1h: 0, ring.verified_share: 0.7 }, expect: quiet }
  - id: velocity-template
    family: velocity
    on: [signup]
    when: template_burst.z >= 6 && template_burst.ratio >= 4
    points: min(25, 6 * log2(template_burst.z))
    reason: velocity.burst
    title: "{template_burst.count} signups of one pattern, {template_burst.expected} expected"
    owner: abuse-team
    tests:
      - { name: out of nothing, given: { template_burst.z: 12, template_burst.ratio: 30 }, expect: fires }
      - { name: as always, given: { template_burst.z: 0.4, template_burst.ratio: 1.1 }, expect: quiet }
`;

/** The rule whose condition the mistakes of expressions take the place of. */
const device = `rules:
  - id: device-automation
    family: device
    on: [signup, api_key_used]
    when: device.is_automation && device.confidence >= 0.9
    points: 10
    reason: device.automation
    owner: abuse-team
    mode: shadow
`;

export const rightFiles: ReadonlyMap<string, string> = new Map([
  ['policy.yml', policy],
  ['reasons.yml', reasons],
  ['payment/reuse.yml', payment],
  ['network/exits.yml', network],
  ['email/domains.yml', email],
  ['ring/rings.yml', ring],
  ['device/automation.yml', device],
  ['lists/burned.txt', '# source: our own disputes\n# date: 2026-11-01\nmail.example\nother.example\n'],
  ['lists/scanners.txt', '# source: our own traps\n# date: 2026-11-01\n# type: cidr\n198.51.100.0/24\n2001:db8::/32\n'],
  ['lists/bad_asns.txt', '# source: our own traps\n# date: 2026-11-01\n# type: asn\nAS64500\nAS64501\n'],
]);

/** 21 November 2026. */
export const today = Date.UTC(2026, 10, 21);
