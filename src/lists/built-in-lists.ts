import type { ListKind } from '../model/list.js';

/**
 * Lists that the engine itself reads, to tell what kind of network or mailbox it is, and what each holds (contract, section 5).
 * A rule set may come without their files.
 */
export const builtInLists: ReadonlyMap<string, ListKind> = new Map([
  ['vpn', 'cidr'],
  ['public_proxy', 'cidr'],
  ['residential_proxy', 'cidr'],
  ['tor', 'cidr'],
  ['hosting', 'cidr'],
  ['hosting_asns', 'asn'],
  ['relay', 'cidr'],
  ['shared_network', 'cidr'],
  ['free_mail', 'value'],
  ['disposable_domains', 'value'],
  ['relay_mail', 'value'],
]);

/** Of these, the ones whose values are compared with domains of mail. */
export const mailLists: ReadonlySet<string> = new Set(['free_mail', 'disposable_domains', 'relay_mail']);
