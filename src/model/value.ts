/** A value that was had. Durations are numbers of seconds; times are epoch milliseconds. */
export type Value = number | string | boolean;

/** An input that exists but could not be looked up (a store was down, a database was not there). */
export class Unavailable {
  constructor(readonly reason: string) {}
}

/** Nothing failed, and there is no value yet that could be relied on: unknown as above, but no decision is degraded by it. */
export class Immature extends Unavailable {}

/** What an input holds: a value, `undefined` when there is none (absent), or why it could not be had. */
export type Reading = Value | undefined | Unavailable;

/** One flat array per evaluation; the layout of a rule set says which name lives in which slot. */
export type Slots = Reading[];

export type ValueType = 'number' | 'string' | 'boolean';

/** Asked of everything that is read: by its type, which is quicker to see than its class. */
export const isKnown = (reading: Reading): reading is Value => reading !== undefined && typeof reading !== 'object';

/** Something that should have been there could not be had: the decision is degraded. */
export const isOutage = (reading: Reading): boolean => typeof reading === 'object' && !(reading instanceof Immature);
