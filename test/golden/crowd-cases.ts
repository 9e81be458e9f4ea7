import type { EventType } from '../../src/model/event.js';
import type { Value } from '../../src/model/value.js';

/** One event of one person, as the rules see it. */
export interface CrowdCase {
  readonly who: string;
  readonly on: EventType;
  readonly given: Readonly<Record<string, Value>>;
}

type Given = CrowdCase['given'];

/** The members of a burst feature that tell how unusual it is. */
const burst = (name: string, count: number, expected: number): Given => ({
  [`${name}.count`]: count,
  [`${name}.expected`]: expected,
  [`${name}.ratio`]: count / Math.max(expected, 0.3),
  [`${name}.z`]: (count - expected) / Math.sqrt(expected + 1),
});

const home: Given = {
  'ip.kind': 'home',
  'signup.ip_kind': 'home',
  'ip.asn': 3320,
  'ip.is_vpn': false,
  'ip.is_tor': false,
  'ip.is_hosting': false,
  'ip.is_public_proxy': false,
  'ip.is_residential_proxy': false,
  'ip.is_relay': false,
  'ip.is_shared': false,
  signups_per_prefix_1h: 1,
  prefix_fraud_30d: 0,
};
const vpn: Given = {
  ...home,
  'ip.kind': 'vpn',
  'signup.ip_kind': 'vpn',
  'ip.asn': 9009,
  'ip.is_vpn': true,
  'ip.is_hosting': true,
  signups_per_prefix_1h: 25,
};
const ownDevice: Given = {
  'device.confidence': 0.95,
  'device.is_consistent': true,
  'device.ua_platform_mismatch': false,
  'device.is_automation': false,
  'device.is_bot': false,
  'device.form_ms': 9000,
  'device.browser_age_d': 20,
  accounts_per_device_30d: 1,
  device_fraud_180d: 0,
  places_per_device_30d: 1,
  networks_per_device_30d: 1,
  accounts_per_device_kind_prefix_1h: 1,
  signups_24h: 2000,
  signups_7d: 9000,
  place_signups_24h: 400,
  styles_24h: 20,
  kinds_24h: 80,
  kind_styles_24h: 1,
  places_per_kind_style_24h: 1,
};
const realCard: Given = {
  'payment.funding': 'credit',
  'payment.is_virtual': false,
  accounts_per_card_90d: 1,
  accounts_per_card_1h: 1,
  card_fraud_180d: 0,
  places_per_card_90d: 1,
  networks_per_card_90d: 1,
  ranges_24h: 90,
  ranges_7d: 400,
  range_kinds_24h: 1,
  places_per_range_kind_24h: 1,
  range_styles_24h: 2,
  places_per_range_style_24h: 2,
  accounts_per_card_range_mail_domain_24h: 3,
};
const freeMail: Given = {
  'email.domain': 'gmail.com',
  'email.is_free': true,
  'email.is_disposable': false,
  'email.is_relay': false,
  'email.looks_generated': false,
  accounts_per_mailbox_90d: 1,
  accounts_per_mail_pattern_24h: 64,
  accounts_per_mail_domain_24h: 64,
  mail_domain_age: 9_000_000,
};
const domainMail = (domain: string): Given => ({ ...freeMail, 'email.domain': domain, 'email.is_free': false });
const allDifferentCountries: Given = {
  'geo.ip_card_mismatch': true,
  'geo.ip_declared_mismatch': true,
  'geo.ip_phone_mismatch': true,
  'geo.timezone_mismatch': true,
  'geo.card_phone_mismatch': false,
  'geo.card_declared_mismatch': false,
};
const standard: Given = { 'account.path': 'standard', 'account.verified': false, 'account.age_s': 0 };
const person: Given = { ...standard, ...home, ...ownDevice, ...realCard, ...freeMail };
const classSize: Given = { signups_per_prefix_1h: 60, accounts_per_prefix_mail_shape_1h: 60 };

export const honestCases: readonly CrowdCase[] = [
  { who: 'somebody at home', on: 'signup', given: person },
  { who: 'a VPN user with a real card and a consistent device', on: 'signup', given: { ...person, ...vpn } },
  {
    who: 'a VPN user whose exit, clock, card and phone lie in different countries',
    on: 'signup',
    given: { ...person, ...vpn, ...allDifferentCountries },
  },
  {
    who: 'a Tor user with a privacy browser, a virtual card and relayed mail',
    on: 'signup',
    given: {
      ...standard,
      ...vpn,
      'ip.is_tor': true,
      ...realCard,
      'payment.is_virtual': true,
      ...domainMail('duck.com'),
      'email.is_relay': true,
      'email.looks_generated': true,
      'geo.timezone_mismatch': true,
      'device.is_bot': false,
    },
  },
  {
    who: 'a user of a privacy relay that VPN lists contain',
    on: 'signup',
    given: { ...person, ...vpn, 'ip.kind': 'relay', 'ip.is_relay': true },
  },
  {
    who: 'a student in a class of sixty behind one address',
    on: 'signup',
    given: {
      ...person,
      ...classSize,
      ...domainMail('students.uni.edu'),
      mail_domain_age: 1200,
      'account.path': 'education',
    },
  },
  {
    who: 'a student of that class in a room of equal computers',
    on: 'signup',
    given: {
      ...person,
      ...classSize,
      ...domainMail('students.uni.edu'),
      mail_domain_age: 1200,
      'account.path': 'education',
      accounts_per_device_kind_prefix_1h: 60,
      ...burst('kind_burst', 60, 1),
      accounts_per_kind_prefix_24h: 60,
      ...burst('kind_mail_burst', 60, 0.4),
      kinds_24h: 62,
      kind_styles_24h: 60,
      places_per_kind_style_24h: 1,
      accounts_per_programme_device_kind_24h: 60,
      accounts_per_programme_card_range_24h: 12,
    },
  },
  {
    who: 'one of thirty colleagues behind one office egress on the first day',
    on: 'signup',
    given: {
      ...person,
      ...domainMail('shop.example'),
      'email.matches_organization': true,
      'account.organization': 'Shop',
      signups_per_prefix_1h: 30,
      accounts_per_mail_pattern_24h: 6,
      accounts_per_mail_domain_24h: 30,
      mail_domain_age: 4000,
      accounts_per_card_range_mail_domain_24h: 6,
    },
  },
  {
    who: 'a phone behind carrier NAT',
    on: 'signup',
    given: { ...person, 'ip.kind': 'mobile', ...classSize, prefix_fraud_30d: 8, signups_per_prefix_1h: 128 },
  },
  {
    who: 'a visitor of a conference on its wifi who makes a key at once',
    on: 'signup',
    given: {
      ...person,
      signups_per_prefix_1h: 90,
      accounts_per_device_kind_prefix_1h: 12,
      accounts_per_prefix_mail_shape_1h: 9,
    },
  },
  {
    who: 'the fourth member of a family on one card and one tablet',
    on: 'payment_method_added',
    given: {
      ...person,
      accounts_per_card_90d: 4,
      accounts_per_card_1h: 4,
      accounts_per_device_30d: 4,
      accounts_per_phone_180d: 3,
    },
  },
  {
    who: 'somebody who has moved and keeps the old card and phone',
    on: 'signup',
    given: {
      ...person,
      'geo.ip_card_mismatch': true,
      'geo.ip_declared_mismatch': false,
      'geo.ip_phone_mismatch': true,
      'geo.card_declared_mismatch': true,
      'geo.card_phone_mismatch': false,
    },
  },
  { who: 'a traveller', on: 'signup', given: { ...person, ...allDifferentCountries } },
  {
    who: 'a developer who makes a key twenty seconds after signup',
    on: 'api_key_created',
    given: {
      ...person,
      'key_delay.seconds': 20,
      'key_delay.bucket': 'under_1m',
      'pay_delay.seconds': 12,
      keys_per_account_1h: 1,
    },
  },
  {
    who: 'a build server that uses a key from a data centre',
    on: 'api_key_used',
    given: { ...person, 'ip.kind': 'hosting', 'ip.is_hosting': true, 'device.is_bot': true, prefixes_per_key_1h: 12 },
  },
  {
    who: 'a developer with plus tags for three test accounts',
    on: 'signup',
    given: {
      ...person,
      accounts_per_mailbox_90d: 4,
      accounts_per_device_30d: 4,
    },
  },
  {
    who: 'somebody who follows an article that the whole country has read',
    on: 'signup',
    given: {
      ...person,
      ...burst('place_burst', 600, 20),
      ...burst('kind_burst', 30, 1),
      ...burst('browser_burst', 90, 40),
    },
  },
  {
    who: 'one of the first with a browser of today',
    on: 'signup',
    given: {
      ...person,
      ...burst('browser_burst', 300, 0.1),
      ...burst('kind_burst', 12, 0.1),
      ...burst('place_burst', 40, 38),
    },
  },
  {
    who: 'a person whose privacy tools contradict each other',
    on: 'signup',
    given: { ...person, ...vpn, 'device.is_consistent': false },
  },
];

const company: Given = {
  ...person,
  ...domainMail('shop.example'),
  'account.organization': 'Shop',
  accounts_per_organization_24h: 40,
  accounts_per_organization_30d: 40,
  accounts_per_mail_domain_24h: 40,
  places_per_mail_domain_24h: 38,
  places_per_organization_24h: 38,
  countries_per_organization_24h: 1,
  mail_domain_age: 4000,
  ...burst('kind_burst', 40, 1),
  ...burst('kind_mail_burst', 6, 0.1),
  ...burst('mail_burst', 6, 0.1),
  ...burst('place_burst', 60, 30),
  ...burst('browser_burst', 90, 60),
};

/** Crowds that look like rings by what they share: a limit or a verification of the business is the most they meet. */
export const sharingCases: readonly CrowdCase[] = [
  {
    who: 'an agency with thirty accounts on one device and one card, at its desk',
    on: 'payment_method_added',
    given: {
      ...person,
      accounts_per_device_30d: 30,
      accounts_per_card_90d: 30,
      accounts_per_card_1h: 6,
      ...burst('late_card_range_burst', 30, 1),
      accounts_per_range_prefix_24h: 30,
      accounts_per_card_24h: 30,
      ...burst('late_card_kind_burst', 30, 0.1),
      ...burst('kind_burst', 30, 1),
      signups_per_device_24h: 30,
      accounts_per_kind_prefix_24h: 30,
      'ring.size': 30,
      'ring.distinct_prefixes': 1,
      'ring.distinct_asns': 1,
      'ring.held_share': 0,
      'ring.verified_share': 0,
    },
  },
  {
    who: 'a company whose people sit at home with equal laptops and cards of the company',
    on: 'signup',
    given: {
      ...company,
      'payment.is_virtual': true,
      ...burst('card_range_burst', 40, 0.2),
      ...burst('card_kind_burst', 40, 0.1),
      ranges_24h: 40,
      ranges_7d: 40,
      range_kinds_24h: 40,
      places_per_range_kind_24h: 38,
      kinds_24h: 42,
    },
  },
  {
    who: 'a course whose sponsor gave everybody a prepaid card of one range',
    on: 'api_key_created',
    given: {
      ...person,
      'payment.is_virtual': true,
      ...burst('key_range_burst', 120, 1),
      ...burst('key_card_rhythm_burst', 60, 0.2),
      'key_delay.seconds': 200,
      'key_delay.bucket': 'under_10m',
    },
  },
  {
    who: 'customers of a bank that has an offer on',
    on: 'payment_method_added',
    given: {
      ...person,
      'payment.is_virtual': true,
      ...burst('late_card_range_burst', 120, 10),
      ranges_24h: 200,
      range_kinds_24h: 6,
      places_per_range_kind_24h: 6,
    },
  },
  {
    who: 'one of sixty with a loaned laptop at home, whose country has one large bank',
    on: 'api_key_created',
    given: {
      ...person,
      ...burst('kind_burst', 60, 1),
      ...burst('key_kind_rhythm_burst', 40, 0.3),
      ...burst('place_burst', 90, 30),
      kinds_24h: 60,
      place_signups_24h: 300,
      ranges_24h: 120,
      range_kinds_24h: 25,
      places_per_range_kind_24h: 25,
      'key_delay.seconds': 200,
      'key_delay.bucket': 'under_10m',
    },
  },
  {
    who: 'somebody from a country where all need a VPN, on an exit that no list knows, with a card of the one issuer that takes them',
    on: 'payment_method_added',
    given: {
      ...person,
      ...allDifferentCountries,
      'geo.card_phone_mismatch': true,
      'geo.card_declared_mismatch': true,
      'payment.is_virtual': true,
      ...burst('clock_place_burst', 90, 1),
      ...burst('provider_place_burst', 90, 1),
      places_per_clock_place_24h: 5,
      places_per_provider_place_24h: 5,
      ...burst('late_card_range_burst', 60, 4),
      'ring.size': 40,
      'ring.distinct_prefixes': 5,
      'ring.distinct_asns': 5,
      'ring.families': 1,
      'ring.strong_links': 0,
      'ring.held_share': 0,
      'ring.verified_share': 0,
    },
  },
];

/** A farm account among its siblings: rented home addresses tell nothing, so the network is clean. */
const farm: Given = {
  ...standard,
  ...home,
  ...ownDevice,
  accounts_per_device_30d: 10,
  signups_24h: 2000,
  styles_24h: 45,
  kinds_24h: 30,
  kind_styles_24h: 20,
  places_per_kind_style_24h: 18,
  ...realCard,
  'payment.funding': 'virtual',
  'payment.is_virtual': true,
  accounts_per_card_90d: 6,
  ranges_24h: 60,
  range_kinds_24h: 20,
  places_per_range_kind_24h: 19,
  range_styles_24h: 40,
  places_per_range_style_24h: 38,
  accounts_per_card_range_mail_domain_24h: 40,
  ...domainMail('mail.example'),
  accounts_per_mail_pattern_24h: 40,
  accounts_per_mail_domain_24h: 40,
  mail_domain_age: 7200,
  places_per_mail_domain_24h: 38,
};

export const abusiveCases: readonly CrowdCase[] = [
  {
    who: 'one of many who name one company and pass its devices around',
    on: 'signup',
    given: {
      ...farm,
      'account.organization': 'Mail',
      accounts_per_organization_24h: 40,
      accounts_per_organization_30d: 40,
      places_per_organization_24h: 38,
      places_per_device_30d: 10,
      networks_per_device_30d: 6,
    },
  },
  { who: 'residential proxies, catch-all mail, virtual cards and a small device farm', on: 'signup', given: farm },
  {
    who: 'the same with throw-away mail and its first reused card',
    on: 'signup',
    given: {
      ...farm,
      'email.is_disposable': true,
      accounts_per_card_90d: 2,
      accounts_per_mail_pattern_24h: 3,
      accounts_per_mail_domain_24h: 3,
    },
  },
  {
    who: 'fresh devices and cards of one range, keys made by a program at once',
    on: 'api_key_created',
    given: {
      ...farm,
      accounts_per_device_30d: 1,
      accounts_per_card_90d: 2,
      'device.is_automation': true,
      'key_delay.seconds': 4,
      'key_delay.bucket': 'under_10s',
      'pay_delay.seconds': 2,
      accounts_per_key_rhythm_mail_24h: 30,
    },
  },
  {
    who: 'programme claims with throw-away mail, virtual cards of one range and shared devices',
    on: 'signup',
    given: {
      ...farm,
      'account.path': 'education',
      'email.is_disposable': true,
      accounts_per_card_90d: 2,
      accounts_per_device_30d: 4,
      accounts_per_programme_card_range_24h: 20,
    },
  },
  {
    who: 'one phone and one card among twelve accounts',
    on: 'payment_method_added',
    given: {
      ...person,
      accounts_per_phone_180d: 12,
      accounts_per_card_90d: 12,
      places_per_card_90d: 12,
      networks_per_card_90d: 7,
    },
  },
  {
    who: 'a card of confirmed fraud on an account that looks ordinary otherwise',
    on: 'payment_method_added',
    given: { ...person, card_fraud_180d: 1 },
  },
  {
    who: 'a device and a phone of confirmed fraud',
    on: 'signup',
    given: { ...person, device_fraud_180d: 2, phone_fraud_180d: 1 },
  },
];
