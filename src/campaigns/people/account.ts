import type { Event } from '../../model/event.js';
import type { Random } from '../random.js';

/** Where an account's events come from at a time: a line at home, a carrier's exits, a pool of proxies. */
export type AddressAt = (random: Random) => string;

/** When an account does what, milliseconds after its signup; undefined: never. */
export interface Habits {
  readonly payAfterMs: number | undefined;
  /** One entry a key. */
  readonly keysAfterMs: readonly number[];
  readonly useAfterMs: number | undefined;
  readonly exchangesPerDay: number;
  /** How long it uses the model, days; the last day may be a part. */
  readonly days: number;
  /** Hours until it draws its full rate; 0 is at once. */
  readonly rampH: number;
  readonly promptTemplate: string | undefined;
  readonly topModelShare: number;
  /** Addresses its key is used from within an hour. */
  readonly distinctIps: number;
  /** Where programs run that use the key; the account's own addresses where it is left out. */
  readonly programAt: AddressAt | undefined;
  /** How those programs begin an encrypted connection. */
  readonly programJa4: string | undefined;
}

/** What an account is and will do; everything the events need. */
export interface PlannedAccount {
  readonly id: string;
  readonly account: Omit<Event['account'], 'id'>;
  readonly email: NonNullable<Event['email']> | undefined;
  readonly phone: Event['phone'];
  readonly device: Event['device'];
  readonly userAgent: string | undefined;
  readonly acceptLanguage: string | undefined;
  readonly payment: Event['payment'];
  /** The card comes with the signup. */
  readonly paysAtSignup: boolean;
  readonly addressAt: AddressAt;
  readonly habits: Habits;
}

/** What nobody tells the service: for the scorecard only. */
type Truth =
  | { readonly kind: 'honest'; readonly crowd: string; readonly unit: string | undefined }
  | {
      readonly kind: 'fraud';
      readonly campaign: string;
      readonly tier: string;
      readonly pool: string;
      readonly style: string;
      /** Accounts of one operator that share something. */
      readonly ring: string;
    };

/** An account that signs up at a time. */
export interface Arrival {
  readonly at: number;
  readonly planned: PlannedAccount;
  readonly truth: Truth;
  /** Its random source: everything drawn later for this account comes from it. */
  readonly random: Random;
}
