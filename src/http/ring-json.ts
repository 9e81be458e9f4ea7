import type { RingReading } from '../model/ring.js';
import { type Instant, toIso } from '../model/time.js';
import { linkReasons, sharedKeys } from '../rings/ring-picture.js';
import type { RingMemberRecord, RingRecord, RingRecords } from '../rings/ring-records.js';
import { memberCursorOf, parseMemberCursor } from './ring-member-cursor.js';

const hourMs = 3_600_000;
const membersShown = 100;
const membersCompared = 1000;
const membersDrawn = 200;
const keysDrawn = 200;
const edgesDrawn = 2000;
const keyLetters = 10;

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const statisticsJson = (reading: RingReading) => ({
  growth_1h: reading.growth1h,
  age_h: rounded(reading.ageMs / hourMs),
  strong_links: reading.strongLinks,
  families: reading.families,
  distinct_prefixes: reading.distinctPrefixes,
  distinct_asns: reading.distinctAsns,
  held_share: rounded(reading.heldShare),
  fraud_labels: reading.fraudLabels,
  verified_share: rounded(reading.verifiedShare),
  purity: rounded(reading.purity),
});

export const ringJson = (ring: RingRecord) => ({
  id: ring.id,
  state: ring.state,
  size: ring.size,
  first_seen_at: toIso(ring.firstSeenAt),
  changed_at: toIso(ring.changedAt),
  statistics: ring.reading === null ? null : statisticsJson(ring.reading),
  detected_at: isoOrNull(ring.detectedAt),
  decision_id: ring.decisionId,
  case_id: ring.caseId,
});

const memberJson = (member: RingMemberRecord) => ({
  account_id: member.accountId,
  joined_at: toIso(member.joinedAt),
  state: member.state,
  verified: member.verified,
});

/** One ring with what holds it together, who is in it, and what was done about it. */
export async function ringDetailJson(ring: RingRecord, rings: RingRecords) {
  const [members, holds] = await Promise.all([rings.members(ring.id, membersCompared), rings.holds(ring.id)]);
  const uses = await rings.keyUses(members.map(({ accountId }) => accountId));
  return {
    ...ringJson(ring),
    reasons: linkReasons(sharedKeys(uses)),
    members: members.slice(0, membersShown).map(memberJson),
    holds: holds.map((hold) => ({
      batch_id: hold.batchId,
      kind: hold.kind,
      state: hold.state,
      created_at: toIso(hold.createdAt),
      undone_at: isoOrNull(hold.undoneAt),
      held: hold.held,
      spared: hold.spared,
    })),
  };
}

interface MemberPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of who is in it. */
export async function ringMembersJson({ id }: RingRecord, rings: RingRecords, { limit, cursor }: MemberPage) {
  const found = await rings.members(id, limit + 1, parseMemberCursor(cursor));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  return { data: page.map(memberJson), next_cursor: more ? memberCursorOf(last) : null };
}

/** Its oldest accounts and the keys that they share, bounded whatever its size. */
export async function ringGraphJson(ring: RingRecord, rings: RingRecords) {
  const members = await rings.members(ring.id, membersDrawn);
  const shared = sharedKeys(await rings.keyUses(members.map(({ accountId }) => accountId)));
  const keys = shared.slice(0, keysDrawn);
  const edges = keys.flatMap(({ digest, accountIds }) =>
    accountIds.map((account) => ({ account, key: digest.slice(0, keyLetters) })),
  );
  return {
    id: ring.id,
    size: ring.size,
    is_whole: members.length >= ring.size && keys.length === shared.length && edges.length <= edgesDrawn,
    nodes: [
      ...members.map(({ accountId, state, verified, joinedAt }) => ({
        kind: 'account',
        id: accountId,
        state,
        verified,
        joined_at: toIso(joinedAt),
      })),
      ...keys.map(({ link, digest, accountIds }) => ({
        kind: 'key',
        id: digest.slice(0, keyLetters),
        link,
        accounts: accountIds.length,
      })),
    ],
    edges: edges.slice(0, edgesDrawn),
  };
}
