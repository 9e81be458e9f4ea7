import { getDomain } from 'tldts';

/**
 * The part of a domain that somebody registered, by the public suffix list, private suffixes included: two customers of one
 * host are two registrants. Undefined for a bare suffix, an address and what is no domain.
 */
export const registrableDomain = (domain: string): string | undefined =>
  getDomain(domain, { allowPrivateDomains: true }) ?? undefined;
