import { isDescribed, withHandshake } from '../model/device.js';
import type { Event, RememberedParts, SignupRecord } from '../model/event.js';
import type { Evidence } from '../model/evidence.js';
import { type IpAddress, parseIpAddress } from '../model/ip-address.js';
import { type EmailParts, emailParts } from '../model/mailbox.js';
import { Unavailable } from '../model/value.js';
import type { PhoneType } from './catalogue.js';
import type { IpAttributes, IpIntelligence } from './ip-intelligence.js';

/** What the account is remembered by, as far as signals need it. */
export interface RememberedAccount {
  readonly parts: RememberedParts;
  readonly signup?: SignupRecord | undefined;
  readonly firstPaymentAt?: number | undefined;
  readonly firstKeyAt?: number | undefined;
  readonly firstUseAt?: number | undefined;
  readonly firstSeenAt?: number | undefined;
  readonly verified?: boolean | undefined;
  /** Hashed, by kind. */
  readonly evidence?: Evidence | undefined;
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

interface PhoneAttributes {
  /** One text for all spellings of the number. */
  readonly number: string;
  readonly country?: string | undefined;
  readonly type?: PhoneType | undefined;
}

export interface PhoneParser {
  /** Undefined when the number fits no numbering plan; a type is absent where the plan does not tell. */
  parse(number: string): PhoneAttributes | undefined;
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

const ipUnavailable = new Unavailable('ip_intel_unavailable');
const longestUserAgent = 512;

/** Of what is computed when it is first asked for, and once. */
const notYet = Symbol('not yet');
type Later<T> = T | typeof notYet;

/** A gateway that sees the handshake only says nothing of the device: it stays the remembered one. */
function deviceOf(own: Event['device'], remembered: Event['device']): Event['device'] {
  if (own === undefined) return remembered;
  if (own.ja4 === undefined) return own;
  return isDescribed(own) ? own : withHandshake(remembered, own.ja4);
}

/** One event on its way through the signals: its own parts before the remembered ones, shared work done once. */
export class SignalContext {
  readonly event: Event;
  readonly at: number;
  readonly account: RememberedAccount;
  readonly phone: Event['phone'];
  readonly device: Event['device'];
  readonly payment: Event['payment'];
  readonly emailPart: Event['email'];
  readonly signup: SignupRecord | undefined;
  #address: Later<IpAddress | undefined> = notYet;
  #signupAddress: Later<IpAddress | undefined> = notYet;
  #ipAttributes: Later<FoundAttributes> = notYet;
  #signupIpAttributes: Later<FoundAttributes> = notYet;
  #userAgent: Later<UserAgent | undefined> = notYet;
  #email: Later<EmailParts | undefined> = notYet;
  #phoneAttributes: Later<PhoneAttributes | undefined> = notYet;

  constructor(
    { event, at, remembered }: SignalInput,
    readonly ports: SignalPorts,
  ) {
    this.event = event;
    this.at = at;
    this.account = remembered ?? nothing;
    const { parts } = this.account;
    this.phone = event.phone ?? parts.phone;
    this.device = deviceOf(event.device, parts.device);
    this.payment = event.payment ?? parts.payment;
    this.emailPart = event.email ?? parts.email;
    this.signup = this.account.signup ?? (event.type === 'signup' ? { at, ip: event.ip } : undefined);
  }

  /** A part of the account's own description. */
  described(name: 'organization' | 'plan' | 'path' | 'declared_country'): string | undefined {
    return this.event.account[name] ?? this.account.parts[name];
  }

  address(): IpAddress | undefined {
    if (this.#address === notYet) this.#address = addressOf(this.event.ip);
    return this.#address;
  }

  /** A signup's own event has it for the address of both. */
  signupAddress(): IpAddress | undefined {
    const ip = this.signup?.ip;
    if (ip === this.event.ip) return this.address();
    if (this.#signupAddress === notYet) this.#signupAddress = addressOf(ip);
    return this.#signupAddress;
  }

  ipAttributes(): FoundAttributes {
    if (this.#ipAttributes === notYet) this.#ipAttributes = this.#attributes(this.address());
    return this.#ipAttributes;
  }

  signupIpAttributes(): FoundAttributes {
    if (this.signup?.ip === this.event.ip) return this.ipAttributes();
    if (this.#signupIpAttributes === notYet) this.#signupIpAttributes = this.#attributes(this.signupAddress());
    return this.#signupIpAttributes;
  }

  userAgent(): UserAgent | undefined {
    if (this.#userAgent === notYet) {
      const text = this.event.user_agent?.slice(0, longestUserAgent);
      this.#userAgent = text === undefined || text === '' ? undefined : this.ports.userAgents.parse(text);
    }
    return this.#userAgent;
  }

  email(): EmailParts | undefined {
    if (this.#email === notYet) {
      const address = this.emailPart?.address;
      this.#email = address === undefined ? undefined : emailParts(address, this.ports.domains);
    }
    return this.#email;
  }

  phoneAttributes(): PhoneAttributes | undefined {
    if (this.#phoneAttributes === notYet) {
      const number = this.phone?.number;
      this.#phoneAttributes = number === undefined ? undefined : this.ports.phones.parse(number);
    }
    return this.#phoneAttributes;
  }

  /** As it was sent where no numbering plan knows it. */
  phoneNumber(): string | undefined {
    return this.phoneAttributes()?.number ?? this.phone?.number;
  }

  #attributes(address: IpAddress | undefined): FoundAttributes {
    if (address === undefined) return undefined;
    return this.ports.ip === undefined ? ipUnavailable : this.ports.ip.lookup(address);
  }
}

type FoundAttributes = IpAttributes | undefined | Unavailable;

const nothing: RememberedAccount = { parts: {} };

const addressOf = (text: string | undefined): IpAddress | undefined =>
  text === undefined ? undefined : parseIpAddress(text);
