/** A small rule set that is right: mistakes are put into it one at a time. */
export const rightRules = `reasons:
  payment.reused: { title: Payment method used by several accounts, public: additional_verification_required }
  network.anonymous: { title: Anonymous network, public: additional_verification_required }
features:
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup, payment_method_added] }
  signups_per_prefix_10m: { count: event, by: [ip.prefix], window: 10m, on: [signup] }
predicates:
  anonymous_exit: ip.is_vpn || ip.is_tor
rules:
  - id: payment-many-accounts
    family: payment
    on: [signup, payment_method_added]
    when: accounts_per_card_90d >= 3
    points: 40
    at_least: hold
    verify: [payment]
    reason: payment.reused
    title: "{accounts_per_card_90d} accounts used this payment method"
    owner: abuse-team
    mode: live
    except:
      - { when: 'email.domain == "uni.example"', why: shared lab card, owner: trust, until: 2030-01-01 }
    fuse: { share: 5%, min: 50, over: 10m }
    tests:
      - { name: third account, given: { accounts_per_card_90d: 3 }, expect: fires }
      - { name: no card, given: {}, expect: unknown }
  - id: network-anonymous
    family: network
    on: [signup]
    when: anonymous_exit && signups_per_prefix_10m > 2
    points: min(20, 4 * signups_per_prefix_10m)
    reason: network.anonymous
    owner: abuse-team
    tests:
      - { name: a burst, given: { ip.is_vpn: true, signups_per_prefix_10m: 9 }, expect: fires }
      - { name: at home, given: { ip.is_vpn: false, ip.is_tor: false, signups_per_prefix_10m: 9 }, expect: quiet }
policy:
  thresholds: { limit: 30, hold: 60 }
  family_caps: { network: 45 }
  rescore: [1h, 6h]
  budget: { held_share: 0.5%, over: 1d }
`;

export const ruleFiles = (text: string): ReadonlyMap<string, string> => new Map([['rules.yml', text]]);

/** 21 November 2026. */
export const today = Date.UTC(2026, 10, 21);
