import type { SignalInfo } from '../model/signal.js';

type More = Partial<Omit<SignalInfo, 'name' | 'type' | 'doc'>>;
type Named<N extends string> = SignalInfo & { readonly name: N };

const defaults = { optional: true, identifier: false } as const;

const text = <N extends string>(name: N, doc: string, more: More = {}): Named<N> => ({
  ...defaults,
  name,
  type: 'string',
  doc,
  ...more,
});
const number = <N extends string>(name: N, doc: string, more: More = {}): Named<N> => ({
  ...defaults,
  name,
  type: 'number',
  doc,
  ...more,
});
const flag = <N extends string>(name: N, doc: string): Named<N> => ({ ...defaults, name, type: 'boolean', doc });

/** Hashed wherever it is stored, logged or shown. */
const identifier: More = { identifier: true };
const always: More = { optional: false };
const oneOf = (values: readonly string[], more: More = {}): More => ({ ...more, values });
const between = (least: number, most: number): More => ({ range: [least, most] });
const fromZero: More = between(0, Number.POSITIVE_INFINITY);
const share: More = between(0, 1);
const seconds: More = { unit: 's', ...fromZero };

const ipKinds = ['home', 'mobile', 'hosting', 'vpn', 'relay', 'shared', 'unknown'] as const;
export type IpKind = (typeof ipKinds)[number];

const delayBuckets = ['under_10s', 'under_1m', 'under_10m', 'under_1h', 'under_1d', 'over_1d'] as const;
export type DelayBucket = (typeof delayBuckets)[number];

/** Steps of requests an hour. */
const paces = ['under_10', 'under_100', 'under_1000', 'over_1000'] as const;
export type Pace = (typeof paces)[number];

const phoneTypes = ['mobile', 'fixed', 'voip', 'toll_free', 'premium', 'other'] as const;
export type PhoneType = (typeof phoneTypes)[number];

const fundings = ['credit', 'debit', 'prepaid', 'virtual', 'unknown'] as const;

const eventSignals = [
  text(
    'event.type',
    'Kind of event.',
    oneOf(['signup', 'payment_method_added', 'api_key_created', 'api_key_used'], always),
  ),
];

const ipSignals = [
  text('ip.address', "The event's address in canonical text; ::ffff:a.b.c.d is IPv4.", identifier),
  number('ip.version', '4 or 6.', between(4, 6)),
  text('ip.prefix', 'The /24 of IPv4, the /64 of IPv6.', identifier),
  text('ip.prefix48', 'The /48 of IPv6; absent for IPv4.', identifier),
  number(
    'ip.asn',
    'Autonomous system that announces the address, from the IP tables or MaxMind.',
    between(0, 4_294_967_295),
  ),
  text('ip.as_name', 'Name of that autonomous system.'),
  text('ip.country', 'ISO 3166-1 alpha-2 country of the address, from the IP tables or MaxMind.'),
  text(
    'ip.kind',
    'Strongest known use: relay before vpn (tor and proxies count as vpn), hosting, shared, mobile; home when a source knows it is none of vpn, hosting; else unknown.',
    oneOf(ipKinds),
  ),
  flag('ip.is_vpn', 'In a list or database of VPN exits.'),
  flag('ip.is_public_proxy', 'In a list or database of public proxies.'),
  flag('ip.is_residential_proxy', 'In a list or database of residential proxies.'),
  flag('ip.is_tor', 'A Tor exit.'),
  flag('ip.is_hosting', 'In a hosting range, or announced by a hosting AS.'),
  flag('ip.is_relay', 'Exit of a privacy relay that has its own accounts, such as iCloud Private Relay.'),
  flag('ip.is_shared', 'Campus, office or carrier NAT: many honest people behind one address.'),
];

const geoSignals = [
  flag('geo.country_mismatch', 'Any two known countries of ip, card, phone and declared differ.'),
  flag('geo.ip_card_mismatch', 'The country of the address differs from that of the card.'),
  flag('geo.ip_phone_mismatch', 'The country of the address differs from that of the phone.'),
  flag('geo.ip_declared_mismatch', 'The country of the address differs from the declared one.'),
  flag('geo.card_phone_mismatch', 'The country of the card differs from that of the phone.'),
  flag('geo.card_declared_mismatch', 'The country of the card differs from the declared one.'),
  flag('geo.timezone_mismatch', "The device's timezone is used in no part of the country of the address."),
  flag('geo.language_mismatch', 'None of the languages fits the country of the address; English fits everywhere.'),
  number(
    'geo.local_hour',
    "Hour of the day in the device's timezone, else in the country's when all of it has one hour.",
    {
      unit: 'h, 0 to 23',
      range: [0, 23],
    },
  ),
];

const deviceSignals = [
  text('ua.template', 'Browser, major version and operating system of the user agent.'),
  text('ua.browser', 'Browser named by the user agent.'),
  text(
    'ua.program',
    'The tool, library or crawler that the user agent names, in lower case, without its version; absent for browsers.',
  ),
  text(
    'device.fingerprint',
    'The fingerprint the caller computed, without blanks at its ends and without what nobody sees.',
    identifier,
  ),
  number('device.confidence', "The caller's confidence in the fingerprint, 0 to 1.", share),
  text(
    'device.template',
    'Digest of browser major, OS, screen, timezone, languages and gpu: what a farm has in common.',
  ),
  text('device.platform', 'navigator.platform as sent.'),
  text('device.timezone', 'IANA timezone as sent.'),
  text('device.screen', 'Screen as sent, such as 1920x1080.'),
  text('device.ja4', "JA4 of this event's TLS handshake."),
  flag('device.is_consistent', 'No inconsistency among what could be compared; absent when nothing could be.'),
  flag('device.ua_platform_mismatch', 'User agent and platform name different operating systems.'),
  flag('device.client_hints_mismatch', 'Client hints and user agent contradict each other.'),
  flag('device.gpu_mismatch', 'A software or virtual renderer, or one that the claimed system cannot have.'),
  flag('device.ja4_mismatch', 'The TLS handshake cannot come from the browser the user agent claims.'),
  flag('device.touch_mismatch', 'A phone without touch.'),
  flag('device.is_automation', 'webdriver is set, or the user agent names a headless browser.'),
  text('device.browser', 'Browser of the user agent.'),
  number('device.browser_major', 'Major version of that browser.', fromZero),
  number('device.browser_age_d', "Days since that major version's release.", { unit: 'd' }),
  text('device.os', 'Operating system of the user agent.'),
  flag('device.is_bot', 'The user agent is a known bot, tool or library.'),
  number('device.form_ms', 'Time spent on the signup form.', { unit: 'ms', ...fromZero }),
];

const emailSignals = [
  text(
    'email.address',
    "Canonical address: case, dots, tags and domains of one mailbox folded by the provider's own rules.",
    identifier,
  ),
  text(
    'email.mailbox',
    'The address without its tag, where it has one that its provider does not fold: team+shop@firm.example is team@firm.example; absent without a tag.',
    identifier,
  ),
  text('email.domain', 'Domain in lower case and punycode; googlemail.com is gmail.com.'),
  text('email.registrable_domain', 'The part of the domain that somebody registered (public suffix list).'),
  flag('email.is_free', 'Free mail: anyone gets an address there.'),
  flag('email.is_disposable', 'Throw-away mail; parent domains are looked up too.'),
  flag('email.is_relay', "A forwarding alias such as Apple's Hide My Email."),
  flag('email.is_role', 'A role such as admin@ or info@, not a person.'),
  text('email.shape', 'Runs of letters (l) and digits (d), separators kept: li.wei.88213 is l2.l3.d5.'),
  text('email.style', 'The shape without the lengths of its letters, whatever the names: li.wei.88213 is l.l.d5.'),
  number('email.entropy', 'Shannon entropy of the local part.', { unit: 'bits per character', ...fromZero }),
  flag('email.looks_generated', 'The local part looks made by a program; conservative.'),
  flag('email.matches_organization', "The organization's name and the mail domain share their distinctive word."),
  flag('email.verified', 'The caller verified the address.'),
];

const phoneSignals = [
  text('phone.number', 'E.164 number, one text for all its spellings: without the zero of national calls.', identifier),
  text('phone.country', 'Country of the number, ISO 3166-1 alpha-2.'),
  text('phone.type', 'Kind of line by numbering plan.', oneOf(phoneTypes)),
  text('phone.prefix', 'The number without its last four digits: what a block of numbers has in common.', identifier),
  flag('phone.verified', 'The caller verified the number.'),
];

const paymentSignals = [
  text(
    'payment.fingerprint',
    "The payment processor's fingerprint of the method, without blanks at its ends and without what nobody sees.",
    identifier,
  ),
  text('payment.bin', 'First 6 to 8 digits of the card.'),
  text('payment.brand', 'Card brand in lower case.'),
  text('payment.funding', 'Funding of the card.', oneOf(fundings)),
  text('payment.country', 'Country of the issuer.'),
  flag('payment.is_virtual', 'Virtual or prepaid funding; absent when the funding is not known.'),
];

const accountSignals = [
  text('account.id', "The caller's account id; a reference, not hashed.", always),
  text('account.path', 'How the account came: standard, education, research, startup, or free text.'),
  text('account.plan', 'Plan.'),
  text('account.organization', 'Organization name as given.'),
  text('account.declared_country', 'Country the account declared.'),
  text('account.referrer', 'Where the signup came from.'),
  flag('account.verified', 'A verification was passed or a person approved the account.'),
  number('account.age_s', 'Time since the first event of the account.', seconds),
  text('signup.prefix', "Prefix of the signup's address.", identifier),
  number('signup.asn', "AS of the signup's address.", between(0, 4_294_967_295)),
  text('signup.country', "Country of the signup's address."),
  text('signup.ip_kind', "Kind of the signup's address.", oneOf(ipKinds)),
  number('signup.age_s', 'Time since the signup.', seconds),
  number('key_delay.seconds', 'From the signup to the first API key.', seconds),
  text('key_delay.bucket', 'The same in steps.', oneOf(delayBuckets)),
  number('pay_delay.seconds', 'From the signup to the first payment method.', seconds),
  text('pay_delay.bucket', 'The same in steps.', oneOf(delayBuckets)),
  text('api_key.id', "The caller's key id."),
  number('api_key.scopes_count', 'Scopes the key was given.', fromZero),
];

const verifiedSignals = [
  text('verified.phone', 'Phone that the account passed a verification with; keyed hash.', identifier),
  text('verified.document', 'Identity document that the account passed a verification with; keyed hash.', identifier),
  text('verified.email', 'Address that the account passed a verification with; keyed hash.', identifier),
  text('verified.payment', 'Payment method that the account passed a verification with; keyed hash.', identifier),
  text('verified.business', 'Business that the account passed a verification with; keyed hash.', identifier),
];

const usageSignals = [
  number('usage.requests', 'Requests in the reported window.', fromZero),
  number('usage.per_hour', 'The same for an hour; absent without `window_s`.', { unit: 'requests/h', ...fromZero }),
  number(
    'usage.ramp',
    'How suddenly use began: requests an hour, for each hour since the first report of use (its window included, at least one hour). 600 an hour at once is 600, the same after ten days 2.5.',
    { unit: 'requests/h²', ...fromZero },
  ),
  text('usage.pace', 'Requests an hour in steps: what one program gives all accounts that it drives.', oneOf(paces)),
  number('usage.distinct_ips', 'Addresses the key was used from in the reported window.', fromZero),
  number('usage.top_model_share', 'Share of the most used model, 0 to 1.', share),
  text('usage.prompt_template', "The gateway's digest of what its prompts have in common."),
  flag(
    'usage.ip_changed_since_signup',
    "The event's address lies in another prefix (/24, /64) than the signup's; absent on a signup.",
  ),
];

const all = [
  ...eventSignals,
  ...ipSignals,
  ...geoSignals,
  ...deviceSignals,
  ...emailSignals,
  ...phoneSignals,
  ...paymentSignals,
  ...accountSignals,
  ...verifiedSignals,
  ...usageSignals,
];

export type SignalName = (typeof all)[number]['name'];

/** Every built-in signal, in the order of the documentation. Cheap to load: names and types only. */
export const signalCatalogue: readonly SignalInfo[] = all;
