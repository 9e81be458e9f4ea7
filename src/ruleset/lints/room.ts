import type { Value } from '../../model/value.js';

/** The values that one input can still have. Immutable. */
export interface Room {
  readonly low: number;
  readonly high: number;
  /** The bound itself is excluded. */
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  /** Only whole numbers. */
  readonly whole: boolean;
  /** Nothing but these, where there is such a set. */
  readonly only: ReadonlySet<Value> | undefined;
  readonly except: ReadonlySet<Value>;
}

const nothing: ReadonlySet<Value> = new Set();

export const anyValue: Room = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  lowOpen: false,
  highOpen: false,
  whole: false,
  only: undefined,
  except: nothing,
};

export const oneOfRoom = (values: readonly Value[]): Room => ({ ...anyValue, only: new Set(values) });
export const noneOfRoom = (values: readonly Value[]): Room => ({ ...anyValue, except: new Set(values) });
export const betweenRoom = (low: number, high: number, whole: boolean): Room => ({ ...anyValue, low, high, whole });

/** The numbers for which `x OPERATOR limit`. */
export function boundRoom(operator: '<' | '<=' | '>' | '>=', limit: number): Room {
  const open = operator === '<' || operator === '>';
  return operator.startsWith('<')
    ? { ...anyValue, high: limit, highOpen: open }
    : { ...anyValue, low: limit, lowOpen: open };
}

/** What is in both. */
export function meet(a: Room, b: Room): Room {
  const lower = a.low > b.low || (a.low === b.low && a.lowOpen) ? a : b;
  const upper = a.high < b.high || (a.high === b.high && a.highOpen) ? a : b;
  const only = a.only === undefined ? b.only : new Set([...a.only].filter((value) => b.only?.has(value) ?? true));
  return {
    low: lower.low,
    lowOpen: lower.lowOpen,
    high: upper.high,
    highOpen: upper.highOpen,
    whole: a.whole || b.whole,
    only,
    except: new Set([...a.except, ...b.except]),
  };
}

export function holds(room: Room, value: Value): boolean {
  if (room.only?.has(value) === false || room.except.has(value)) return false;
  if (typeof value !== 'number') return true;
  if (room.whole && !Number.isInteger(value)) return false;
  if (value < room.low || (room.lowOpen && value === room.low)) return false;
  return !(value > room.high || (room.highOpen && value === room.high));
}

/** A room of whole numbers with its bounds where the first and the last of them are. */
function tight(room: Room): Room {
  if (!room.whole) return room;
  const low = room.lowOpen ? Math.floor(room.low) + 1 : Math.ceil(room.low);
  const high = room.highOpen ? Math.ceil(room.high) - 1 : Math.floor(room.high);
  return { ...room, low, high, lowOpen: false, highOpen: false };
}

/** True only when no value is left; a room that may be empty and is not seen to be says false. */
export function isEmpty(room: Room): boolean {
  if (room.only !== undefined) return ![...room.only].some((value) => holds(room, value));
  const { low, high, lowOpen, highOpen, whole } = tight(room);
  if (low > high || (low === high && (lowOpen || highOpen))) return true;
  if (low === high) return room.except.has(low);
  // A few whole numbers, all of which are excepted.
  if (!whole || high - low > 64) return false;
  for (let value = low; value <= high; value++) if (!room.except.has(value)) return false;
  return true;
}

/** True only when every value of `inner` is in `outer`. */
export function isWithin(inner: Room, outer: Room): boolean {
  if (inner.only !== undefined) return isSetWithin(inner, inner.only, outer);
  if (outer.only !== undefined || (outer.whole && !inner.whole)) return false;
  for (const value of outer.except) if (holds(inner, value)) return false;
  return inner.whole ? isSpanWithin(tight(inner), tight({ ...outer, whole: true })) : isSpanWithin(inner, outer);
}

function isSetWithin(inner: Room, only: ReadonlySet<Value>, outer: Room): boolean {
  for (const value of only) if (holds(inner, value) && !holds(outer, value)) return false;
  return true;
}

const isSpanWithin = (a: Room, b: Room): boolean =>
  (a.low > b.low || (a.low === b.low && (!b.lowOpen || a.lowOpen))) &&
  (a.high < b.high || (a.high === b.high && (!b.highOpen || a.highOpen)));
