import type { Instant } from './time.js';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Sixteen hexadecimal digits or more of randomness for each call; supplied by the process, so that the core stays pure. */
export type RandomBytes = (count: number) => Uint8Array;

/** Ids of accounts and keys are asked for in headers, which lose blanks at their ends, and in paths, which lose dots. */
export const isCarriedId = (id: string): boolean => !/\p{Cc}|^\s|\s$|^\.{1,2}$/u.test(id);
export const carriedIdForm = 'an id without control characters and blanks at its ends, and not "." or ".."';

/** By what an id begins one sees what it is of. Before each had its own, marks of hubs and what runs used `batch`: those stay good. */
export type IdPrefix =
  | 'dec'
  | 'case'
  | 'ring'
  | 'key'
  | 'req'
  | 'ver'
  | 'batch'
  | 'lbl'
  | 'appeal'
  | 'lst'
  | 'hook'
  | 'msg'
  /** A mark on what a ring shares. */
  | 'hub'
  /** One life of the database. */
  | 'epoch'
  /** A history in Redis, as one that is complete. */
  | 'mark'
  /** A running process. */
  | 'inst'
  /** Who took work for a while. */
  | 'lease'
  /** A kept state of the ring graph, and one of its copies in Redis. */
  | 'snap'
  | 'proj';

/** A prefixed ULID: 10 characters of time, 16 of randomness; sorts by creation time. Source: github.com/ulid/spec. */
export function newId(prefix: IdPrefix, at: Instant, random: RandomBytes): string {
  let time = '';
  let rest = Math.floor(at);
  for (let i = 0; i < 10; i++) {
    time = crockford.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let noise = '';
  for (const byte of random(16)) noise += crockford.charAt(byte & 31);
  return `${prefix}_${time}${noise}`;
}
