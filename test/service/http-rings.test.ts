import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ringDetailReply, ringGraphReply, ringMemberReply, ringReply } from '../../src/http/ring-schemas.js';
import { listOf } from '../../src/http/schemas.js';
import { startHttp } from '../support/http-fixture.js';
import { type KnownRing, memoryRingRecords } from '../support/memory-ring-records.js';

const start = Date.parse('2026-05-01T12:00:00.000Z');

/** Accounts on one card each, all of them on one device. */
function ringOf(id: string, size: number, more: Partial<KnownRing['ring']> = {}): KnownRing {
  const members = Array.from({ length: size }, (_none, n) => ({
    accountId: `${id}-${String(n).padStart(4, '0')}`,
    joinedAt: start + n,
    state: n % 2 === 0 ? ('held' as const) : ('admitted' as const),
    verified: n === 3,
  }));
  const reading = {
    ringId: id,
    size,
    growth1h: 3,
    ageMs: 1_234_567,
    strongLinks: 2,
    families: 2,
    distinctPrefixes: 9,
    distinctAsns: 2,
    heldShare: 1 / 3,
    fraudLabels: 1,
    verifiedShare: 0,
    purity: 1,
  };
  return {
    members,
    uses: members.flatMap(({ accountId }, n) => [
      { accountId, link: 'card', digest: `card-${id}-${n % (size / 2)}` },
      { accountId, link: 'device', digest: `0123456789-device-${id}` },
      { accountId, link: 'phone', digest: `phone-${accountId}` },
    ]),
    ring: {
      id,
      state: 'open',
      size,
      firstSeenAt: start,
      changedAt: start + 1,
      reading,
      detectedAt: null,
      decisionId: null,
      caseId: null,
      ...more,
    },
  };
}

const large = ringOf('ring_large', 1200, {
  state: 'detected',
  detectedAt: start,
  caseId: 'case_1',
  decisionId: 'dec_1',
});
const small = ringOf('ring_small', 4);
const odd: KnownRing = {
  ...ringOf('ring_odd', 1, { state: 'detected' }),
  members: ['a', 'b'].map((letter) => ({
    accountId: `${'\u{1F600}'.repeat(127)}${letter}`,
    joinedAt: start,
    state: 'held',
    verified: false,
  })),
};
const dissolved = ringOf('ring_gone', 0, { state: 'dissolved', reading: null });

let api: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  api = await startHttp({}, memoryRingRecords([large, small, odd, dissolved]));
});
afterAll(() => api.close());

const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
  const { status, json } = await api.send('GET', path, { role: 'reviewer' });
  expect(status).toBe(200);
  return schema.parse(json);
};

interface MemberPage {
  readonly data: readonly { readonly account_id: string }[];
  readonly next_cursor: string | null;
}

describe('rings over HTTP', () => {
  it('are listed by state and size', async () => {
    const idsOf = async (query: string) =>
      (await read(`/v1/rings${query}`, listOf(ringReply))).data.map(({ id }) => id);
    expect(await idsOf('')).toEqual(['ring_large', 'ring_small']);
    expect(await idsOf('?min_size=5')).toEqual(['ring_large']);
    expect(await idsOf('?state=open')).toEqual(['ring_small']);
    expect(await idsOf('?state=dissolved&min_size=0')).toEqual(['ring_gone']);
    for (const query of ['?state=merged', '?min_size=-1', '?limit=0', '?colour=red'])
      expect((await api.send('GET', `/v1/rings${query}`, { role: 'reviewer' })).status).toBe(422);
  });

  it('say what holds them together, what the most members share first', async () => {
    const ring = await read('/v1/rings/ring_small', ringDetailReply);
    expect(ring.reasons).toEqual([
      { link: 'card', keys: 2, accounts: 4 },
      { link: 'device', keys: 1, accounts: 4 },
    ]);
    expect(ring.members).toHaveLength(4);
    expect(ring.statistics).toMatchObject({ held_share: 0.333, age_h: 0.343 });
    expect((await read('/v1/rings/ring_gone', ringDetailReply)).statistics).toBeNull();
    expect((await api.send('GET', '/v1/rings/ring_none', { role: 'reviewer' })).status).toBe(404);
  });

  it('tell of all their members, a page at a time', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: MemberPage = await read(`/v1/rings/ring_large/members?limit=200${next}`, listOf(ringMemberReply));
      seen.push(...page.data.map(({ account_id }) => account_id));
      cursor = page.next_cursor;
      pages += 1;
    }
    expect([pages, seen.length, new Set(seen).size]).toEqual([6, 1200, 1200]);
    expect(seen[700]).toBe('ring_large-0700');
    expect((await read('/v1/rings/ring_small/members', listOf(ringMemberReply))).next_cursor).toBeNull();
    const refused = ['?limit=201', '?cursor=zzz', '?page=2'].map((query) => `/v1/rings/ring_small/members${query}`);
    for (const path of refused) expect((await api.send('GET', path, { role: 'reviewer' })).status).toBe(422);
    expect((await api.send('GET', '/v1/rings/ring_none/members', { role: 'reviewer' })).status).toBe(404);
  });

  it('page past members whose ids are as long and as odd as ids may be', async () => {
    const query = `/v1/rings/ring_odd/members?limit=1`;
    const first = await read(query, listOf(ringMemberReply));
    expect(first.next_cursor).not.toBeNull();
    const second = await read(`${query}&cursor=${first.next_cursor}`, listOf(ringMemberReply));
    expect([first, second].map(({ data }) => data[0]?.account_id)).toEqual([
      `${'\u{1F600}'.repeat(127)}a`,
      `${'\u{1F600}'.repeat(127)}b`,
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it('are drawn in bounded pictures, however large they are', async () => {
    const whole = await read('/v1/rings/ring_small/graph', ringGraphReply);
    expect([whole.is_whole, whole.nodes.length, whole.edges.length]).toEqual([true, 7, 8]);
    expect(whole.nodes.flatMap((node) => (node.kind === 'key' ? [node.accounts] : []))).toEqual([4, 2, 2]);
    const part = await read('/v1/rings/ring_large/graph', ringGraphReply);
    expect(part.is_whole).toBe(false);
    expect(part.nodes.filter(({ kind }) => kind === 'account')).toHaveLength(200);
    expect(part.nodes.length).toBeLessThanOrEqual(400);
    const known = new Set(part.nodes.map(({ id }) => id));
    for (const { account, key } of part.edges) expect([known.has(account), known.has(key)]).toEqual([true, true]);
    const detail = await read('/v1/rings/ring_large', ringDetailReply);
    expect([detail.members.length, detail.size]).toEqual([100, 1200]);
  });
});
