import { createDomainParser } from '../../src/adapters/identity/domains.js';
import { createMailDomains } from '../../src/adapters/identity/mail-domains.js';
import { createPhoneParser } from '../../src/adapters/identity/phones.js';
import { createUserAgentParser } from '../../src/adapters/identity/user-agents.js';
import type { Event } from '../../src/model/event.js';
import type { Reading, Slots } from '../../src/model/value.js';
import { signalCatalogue } from '../../src/signals/catalogue.js';
import type { IpAttributes } from '../../src/signals/ip-intelligence.js';
import type { RememberedAccount, SignalPorts } from '../../src/signals/signal-context.js';
import { planSignals } from '../../src/signals/write-signals.js';

export const signalTime = Date.parse('2026-05-01T12:00:00Z');

/** The real parsers; addresses answer with what is given. */
export const signalPorts = (attributes: IpAttributes = {}): SignalPorts => ({
  ip: { lookup: () => attributes },
  userAgents: createUserAgentParser(),
  domains: createDomainParser(),
  phones: createPhoneParser(),
  mail: createMailDomains(new Map()),
  hash: (text) => `#${text}`,
});

const plan = planSignals(signalCatalogue.map(({ name }, slot) => ({ name, slot })));

export interface SignalTrial {
  readonly event?: Partial<Event>;
  readonly remembered?: RememberedAccount;
  readonly ports?: SignalPorts;
  readonly attributes?: IpAttributes;
}

/** Every signal of one event by name. */
export function readSignals({ event, remembered, ports, attributes }: SignalTrial): Readonly<Record<string, Reading>> {
  const slots: Slots = [];
  const whole: Event = { type: 'signup', event_id: 'e1', account: { id: 'a1' }, ...event };
  plan.write({ event: whole, remembered, at: signalTime }, ports ?? signalPorts(attributes), slots);
  return Object.fromEntries(signalCatalogue.map(({ name }, slot) => [name, slots[slot]]));
}
