import { asciiDomain } from '../../lists/ascii-domain.js';
import { registrableDomain } from '../../lists/registrable-domain.js';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { DomainParser } from '../../signals/signal-context.js';

/** Mail domains kept with what is known of them: a few providers have most of the people. */
export const mostDomains = 5000;

export function createDomainParser(): DomainParser {
  return {
    registrable: rememberAnswers(registrableDomain, mostDomains),
    toAscii: rememberAnswers(asciiDomain, mostDomains),
  };
}
