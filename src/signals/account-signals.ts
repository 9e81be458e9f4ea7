import type { DelayBucket } from './catalogue.js';
import { attributeOf, kindOf, prefixOf } from './ip-signals.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

const secondsBetween = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / 1000);

const bucketEnds: readonly (readonly [number, DelayBucket])[] = [
  [10, 'under_10s'],
  [60, 'under_1m'],
  [600, 'under_10m'],
  [3600, 'under_1h'],
  [86_400, 'under_1d'],
];

function bucketOf(seconds: number | undefined): DelayBucket | undefined {
  if (seconds === undefined) return undefined;
  return bucketEnds.find(([end]) => seconds < end)?.[1] ?? 'over_1d';
}

function keyDelay({ account, event, at, signup }: SignalContext): number | undefined {
  return secondsBetween(signup?.at, account.firstKeyAt ?? (event.type === 'api_key_created' ? at : undefined));
}

function payDelay({ account, event, at, signup }: SignalContext): number | undefined {
  return secondsBetween(signup?.at, account.firstPaymentAt ?? (event.payment === undefined ? undefined : at));
}

export const accountSignals: SignalRecords<'account' | 'signup' | 'key_delay' | 'pay_delay' | 'api_key' | 'event'> = {
  'event.type': ({ event }) => event.type,
  'account.id': ({ event }) => event.account.id,
  'account.path': (context) => context.described('path'),
  'account.plan': (context) => context.described('plan'),
  'account.organization': (context) => context.described('organization'),
  'account.declared_country': (context) => context.described('declared_country'),
  'account.referrer': ({ event }) => event.account.referrer,
  'account.verified': ({ account }) => account.verified ?? false,
  'account.age_s': ({ account, at }) => secondsBetween(account.firstSeenAt ?? at, at),
  'signup.prefix': (context) => prefixOf(context.signupAddress()),
  'signup.asn': (context) => attributeOf(context.signupIpAttributes(), (attributes) => attributes.asn),
  'signup.country': (context) => attributeOf(context.signupIpAttributes(), (attributes) => attributes.country),
  'signup.ip_kind': (context) => attributeOf(context.signupIpAttributes(), kindOf),
  'signup.age_s': ({ signup, at }) => secondsBetween(signup?.at, at),
  'key_delay.seconds': keyDelay,
  'key_delay.bucket': (context) => bucketOf(keyDelay(context)),
  'pay_delay.seconds': payDelay,
  'pay_delay.bucket': (context) => bucketOf(payDelay(context)),
  'api_key.id': ({ event }) => event.api_key?.id,
  'api_key.scopes_count': ({ event }) => event.api_key?.scopes?.length,
};
