import { domainToASCII } from 'node:url';
import { getDomain } from 'tldts';
import type { DomainParser } from '../../signals/signal-context.js';

/** Domains by the public suffix list, private suffixes included: two customers of one host are two registrants. */
export function createDomainParser(): DomainParser {
  return {
    registrable: (domain) => getDomain(domain, { allowPrivateDomains: true }) ?? undefined,
    toAscii: (domain) => domainToASCII(domain) || undefined,
  };
}
