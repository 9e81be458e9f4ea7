import { getDomain } from 'tldts';
import { asciiDomain } from '../../lists/ascii-domain.js';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { DomainParser } from '../../signals/signal-context.js';

/** Mail domains kept with what is known of them: a few providers have most of the people. */
export const mostDomains = 5000;

/** Domains by the public suffix list, private suffixes included: two customers of one host are two registrants. */
export function createDomainParser(): DomainParser {
  return {
    registrable: rememberAnswers(
      (domain) => getDomain(domain, { allowPrivateDomains: true }) ?? undefined,
      mostDomains,
    ),
    toAscii: rememberAnswers(asciiDomain, mostDomains),
  };
}
