import { plainFingerprint } from '../model/fingerprint.js';
import { mailboxOf } from '../model/mailbox.js';
import { entropyOf, isRole, looksGenerated, shapeOf, styleOf } from './local-part.js';
import { matchesOrganization } from './matches-organization.js';
import type { SignalContext } from './signal-context.js';
import type { SignalRecords } from './signal-record.js';

const local = (context: SignalContext): string | undefined => context.email()?.local;
const domain = (context: SignalContext): string | undefined => context.email()?.domain;

/** Applies `read` to what is there; absent stays absent. */
const from =
  <T, R>(part: (context: SignalContext) => T | undefined, read: (value: T, context: SignalContext) => R) =>
  (context: SignalContext): R | undefined => {
    const value = part(context);
    return value === undefined ? undefined : read(value, context);
  };

function matches(context: SignalContext): boolean | undefined {
  const organization = context.described('organization');
  const mail = domain(context);
  if (organization === undefined || mail === undefined) return undefined;
  const { domains, mail: known } = context.ports;
  if (known.isFree(mail) === true) return false;
  return matchesOrganization(organization, domains.registrable(mail) ?? mail);
}

function isVirtual(context: SignalContext): boolean | undefined {
  const funding = context.payment?.funding;
  return funding === undefined || funding === 'unknown' ? undefined : funding === 'virtual' || funding === 'prepaid';
}

export const identitySignals: SignalRecords<'email' | 'phone' | 'payment'> = {
  'email.address': (context) => context.email()?.canonical,
  'email.mailbox': from((context) => context.email(), mailboxOf),
  'email.domain': domain,
  'email.registrable_domain': from(domain, (name, { ports }) => ports.domains.registrable(name)),
  'email.is_free': from(domain, (name, { ports }) => ports.mail.isFree(name)),
  'email.is_disposable': from(domain, (name, { ports }) => ports.mail.isDisposable(name)),
  'email.is_relay': from(domain, (name, { ports }) => ports.mail.isRelay(name)),
  'email.is_role': from(local, isRole),
  'email.shape': from(local, shapeOf),
  'email.style': from(local, styleOf),
  'email.entropy': from(local, entropyOf),
  'email.looks_generated': from(local, looksGenerated),
  'email.matches_organization': matches,
  'email.verified': (context) => context.emailPart?.verified,
  'phone.number': (context) => context.phoneNumber(),
  'phone.country': (context) => context.phoneAttributes()?.country,
  'phone.type': (context) => context.phoneAttributes()?.type,
  'phone.prefix': (context) => context.phoneNumber()?.slice(0, -4),
  'phone.verified': ({ phone }) => phone?.verified,
  'payment.fingerprint': from(({ payment }) => payment?.fingerprint, plainFingerprint),
  'payment.bin': ({ payment }) => payment?.bin,
  'payment.brand': ({ payment }) => payment?.brand?.toLowerCase(),
  'payment.funding': ({ payment }) => payment?.funding,
  'payment.country': ({ payment }) => payment?.country,
  'payment.is_virtual': isVirtual,
};
