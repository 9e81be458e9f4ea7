/** What many honest people share: a campus, an office, a carrier's translator, a large mail provider. */
export const crowdSignals: ReadonlySet<string> = new Set([
  'ip.address',
  'ip.prefix',
  'ip.prefix48',
  'ip.asn',
  'email.domain',
  'email.registrable_domain',
  'signup.prefix',
  'signup.asn',
]);
