import type { NamedList } from '../../model/list.js';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { SignalPorts } from '../../signals/signal-context.js';
import { textDigest } from '../crypto/text-digest.js';
import type { IpTables } from '../files/ip-data.js';
import { createIpIntelligence } from '../files/ip-intelligence.js';
import type { MaxMindDatabase } from '../maxmind/open-maxmind.js';
import { createDomainParser } from './domains.js';
import { createMailDomains } from './mail-domains.js';
import { createPhoneParser } from './phones.js';
import { createUserAgentParser } from './user-agents.js';

/** Devices of one make and country look alike. */
const mostTemplates = 2000;

const digestOf = (text: string): string => textDigest('sha256', text).slice(0, 16);

/** What does not change with the rule set. */
interface SignalSources {
  readonly tables: IpTables | undefined;
  readonly databases: readonly MaxMindDatabase[];
}

/** Parsers once, look-ups again for each rule set, because its lists take part in them. */
export function signalPortsFor(sources: SignalSources): (lists: ReadonlyMap<string, NamedList>) => SignalPorts {
  const fixed = {
    userAgents: createUserAgentParser(),
    domains: createDomainParser(),
    phones: createPhoneParser(),
    hash: rememberAnswers(digestOf, mostTemplates),
  };
  return (lists) => ({
    ...fixed,
    ip: createIpIntelligence({ tables: sources.tables, maxmind: sources.databases, lists }),
    mail: createMailDomains(lists),
  });
}
