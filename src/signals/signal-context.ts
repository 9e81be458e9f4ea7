import type { Event, RememberedParts, SignupFacts } from '../model/event.js';
import { type IpAddress, parseIpAddress } from '../model/ip-address.js';
import { Unavailable } from '../model/value.js';
import type { PhoneType } from './catalogue.js';
import { type EmailParts, emailParts } from './email-parts.js';
import type { IpFacts, IpIntelligence } from './ip-intelligence.js';

/** What the account is remembered by, as far as signals need it. */
export interface RememberedAccount {
  readonly parts: RememberedParts;
  readonly signup?: SignupFacts | undefined;
  readonly firstPaymentAt?: number | undefined;
  readonly firstKeyAt?: number | undefined;
  readonly firstUseAt?: number | undefined;
  readonly firstSeenAt?: number | undefined;
  readonly verified?: boolean | undefined;
}

export interface SignalInput {
  readonly event: Event;
  readonly remembered: RememberedAccount | undefined;
  /** When the event counts as having happened, epoch milliseconds. */
  readonly at: number;
}

/** What a user agent says of itself; undefined where it says nothing that is understood. */
export interface UserAgent {
  readonly browser?: string | undefined;
  readonly major?: number | undefined;
  readonly os?: string | undefined;
  readonly isBot: boolean;
}

export interface UserAgentParser {
  /** At most 512 characters are handed in. */
  parse(userAgent: string): UserAgent;
}

export interface DomainParser {
  /** The part of the domain that somebody registered; undefined for a bare suffix or an address. */
  registrable(domain: string): string | undefined;
  /** Punycode in lower case; undefined when it is no domain. */
  toAscii(domain: string): string | undefined;
}

export interface PhoneParser {
  /** Undefined when the number fits no numbering plan; a type is absent where the plan does not tell. */
  parse(number: string): { readonly country?: string | undefined; readonly type?: PhoneType | undefined } | undefined;
}

/** Knowledge of mail domains; parents of a domain are looked up by the adapter. */
export interface MailDomains {
  isFree(domain: string): boolean | undefined;
  isDisposable(domain: string): boolean | undefined;
  isRelay(domain: string): boolean | undefined;
}

export interface SignalPorts {
  /** Undefined = addresses cannot be looked up now. */
  readonly ip: IpIntelligence | undefined;
  readonly userAgents: UserAgentParser;
  readonly domains: DomainParser;
  readonly phones: PhoneParser;
  readonly mail: MailDomains;
  /** Short stable digest of a text that identifies nobody. */
  readonly hash: (text: string) => string;
}

export const ipUnavailable = new Unavailable('ip_intel_unavailable');
const longestUserAgent = 512;

/** Computes a thing when it is first asked for, and once. */
function once<T>(compute: () => T): () => T {
  let held: { readonly value: T } | undefined;
  return () => {
    held ??= { value: compute() };
    return held.value;
  };
}

/** One event on its way through the signals: its own parts before the remembered ones, shared work done once. */
export class SignalContext {
  readonly event: Event;
  readonly at: number;
  readonly account: RememberedAccount;

  constructor(
    input: SignalInput,
    readonly ports: SignalPorts,
  ) {
    this.event = input.event;
    this.at = input.at;
    this.account = input.remembered ?? { parts: {} };
  }

  get phone() {
    return this.event.phone ?? this.account.parts.phone;
  }

  /** A gateway that sees the handshake only says nothing of the device: it stays the remembered one. */
  get device(): Event['device'] {
    const own = this.event.device;
    if (own === undefined) return this.account.parts.device;
    const { ja4, ...described } = own;
    const isDescribed = Object.values(described).some((part) => part !== undefined);
    return isDescribed || ja4 === undefined ? own : { ...this.account.parts.device, ja4 };
  }

  get payment() {
    return this.event.payment ?? this.account.parts.payment;
  }

  get emailPart() {
    return this.event.email ?? this.account.parts.email;
  }

  /** A part of the account's own description. */
  described(name: 'organization' | 'plan' | 'path' | 'declared_country'): string | undefined {
    return this.event.account[name] ?? this.account.parts[name];
  }

  get signup(): SignupFacts | undefined {
    const own = this.event.type === 'signup' ? { at: this.at, ip: this.event.ip } : undefined;
    return this.account.signup ?? own;
  }

  readonly address = once((): IpAddress | undefined => addressOf(this.event.ip));
  readonly signupAddress = once((): IpAddress | undefined => addressOf(this.signup?.ip));
  readonly ipFacts = once(() => this.#facts(this.address()));
  readonly signupIpFacts = once(() => this.#facts(this.signupAddress()));

  readonly userAgent = once((): UserAgent | undefined => {
    const text = this.event.user_agent?.slice(0, longestUserAgent);
    return text === undefined || text === '' ? undefined : this.ports.userAgents.parse(text);
  });

  readonly email = once((): EmailParts | undefined => {
    const address = this.emailPart?.address;
    return address === undefined ? undefined : emailParts(address, this.ports.domains);
  });

  readonly phoneFacts = once(() => {
    const number = this.phone?.number;
    return number === undefined ? undefined : this.ports.phones.parse(number);
  });

  #facts(address: IpAddress | undefined): IpFacts | undefined | Unavailable {
    if (address === undefined) return undefined;
    return this.ports.ip === undefined ? ipUnavailable : this.ports.ip.lookup(address);
  }
}

const addressOf = (text: string | undefined): IpAddress | undefined =>
  text === undefined ? undefined : parseIpAddress(text);
