import type { Instant } from '../model/time.js';
import type { RingMemberRecord } from '../rings/ring-records.js';

/** Where a page of members ended. */
type RingMemberPlace = Pick<RingMemberRecord, 'joinedAt' | 'accountId'>;

/** Of the list, so that cursors of others are told from its own. */
const sort = 'joined_at';
/** The largest time that a date can have. */
const latest: Instant = 8.64e15;

/** Longer than other cursors: an account's id may be any 256 signs. */
export const memberCursorMost = 2048;

export const memberCursorOf = ({ joinedAt, accountId }: RingMemberPlace): string =>
  Buffer.from(JSON.stringify([joinedAt, accountId, sort])).toString('base64url');

/** `undefined` for text that is no cursor; the edge refuses it. */
export function parseMemberCursor(text: string | undefined): RingMemberPlace | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [joinedAt, accountId, of]: unknown[] = Array.isArray(parsed) ? parsed : [];
    if (of !== sort || typeof joinedAt !== 'number' || Math.abs(joinedAt) > latest) return undefined;
    return typeof accountId === 'string' && !accountId.includes('\0') ? { joinedAt, accountId } : undefined;
  } catch {
    return undefined;
  }
}
