import { expect, it } from '@jest/globals';
import type { LinkSpec } from '../../src/model/link.js';
import type { AccountStanding, LinkUse, RingReading, RingSighting } from '../../src/model/ring.js';
import type { Instant } from '../../src/model/time.js';
import { Unavailable } from '../../src/model/value.js';
import type { RingEntry } from '../../src/rings/ring-entry.js';
import type { RingStore } from '../../src/rings/ring-store.js';

const day = 86_400_000;
const minute = 60_000;

/** Links that every store under this contract is opened with. */
export const contractLinks: readonly LinkSpec[] = [
  { name: 'card', id: 'card-1', by: ['payment.fingerprint'], strength: 'strong', hubCap: 20, ttlMs: 30 * day },
  { name: 'device', id: 'device-1', by: ['device.fingerprint'], strength: 'strong', hubCap: 4, ttlMs: 30 * day },
  { name: 'prefix', id: 'prefix-1', by: ['ip.prefix'], strength: 'weak', hubCap: 50, ttlMs: 10 * day },
  { name: 'template', id: 'template-1', by: ['device.template'], strength: 'weak', hubCap: 50, ttlMs: 10 * day },
];

/** A store with the links above, and the way in which entries come to it. */
export interface RingStoreUnderTest {
  readonly store: RingStore;
  /** Resolves when `find` sees them. */
  apply(entries: readonly RingEntry[]): Promise<void>;
  /** Lets go of what is past its ttl at this time. */
  expire(now: Instant): Promise<void>;
}

let run = 0;
/** Names of a test of its own: stores may be shared. */
const names = () => {
  const prefix = `r${++run}`;
  return (name: string): string => `${prefix}-${name}`;
};

const start = 20_000 * day;

const event = (accountId: string, at: Instant, links: readonly LinkUse[], more: object = {}): RingEntry => ({
  kind: 'event',
  accountId,
  at,
  trace: { links, ...more },
});

const standing = (accountId: string, at: Instant, is: Partial<AccountStanding>): RingEntry => ({
  kind: 'standing',
  held: false,
  fraud: false,
  verified: false,
  ...is,
  accountId,
  at,
});

export function ringStoreContract(open: () => RingStoreUnderTest): void {
  const find = async (accountId: string, links: readonly LinkUse[], at: Instant): Promise<RingSighting> => {
    const sighting = await open().store.find(accountId, links, at);
    if (sighting instanceof Unavailable) throw new Error(sighting.reason);
    return sighting;
  };
  const ringOf = async (accountId: string, at: Instant): Promise<RingReading | undefined> => {
    const { own, rings } = await find(accountId, [], at);
    return own === undefined ? undefined : rings.get(own);
  };

  it('knows no ring of accounts that share nothing', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    await open().apply([event(of('a'), start, [card])]);
    expect(await find(of('a'), [card], start)).toEqual({ own: undefined, byLink: new Map(), rings: new Map() });
    expect(await find(of('b'), [card], start)).toEqual({ own: undefined, byLink: new Map(), rings: new Map() });
  });

  it('finds the ring of an account, and the ring that each of its links leads to', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    await open().apply([
      event(of('a'), start, [card], { prefix: of('p1'), asn: 64_500, template: 't' }),
      event(of('b'), start + minute, [card, { link: 'prefix', key: of('p2') }], { prefix: of('p2'), template: 't' }),
    ]);
    const at = start + 61 * minute + minute / 2;
    const asked = [card, { link: 'prefix', key: of('p2') }, { link: 'template', key: of('none') }];
    const { own, byLink, rings } = await find(of('newcomer'), asked, at);
    expect(own).toBeUndefined();
    const ring = byLink.get('card');
    expect([...byLink]).toEqual([
      ['card', ring],
      ['prefix', ring],
    ]);
    expect([...rings.values()]).toEqual([
      {
        ringId: ring,
        size: 2,
        growth1h: 2,
        ageMs: 60.5 * minute,
        strongLinks: 1,
        families: 1,
        distinctPrefixes: 2,
        distinctAsns: 1,
        heldShare: 0,
        fraudLabels: 0,
        verifiedShare: 0,
        purity: 1,
      },
    ]);
    expect((await find(of('a'), [], at)).own).toBe(ring);
  });

  it('follows the standing of members', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    const accounts = ['a', 'b', 'c', 'd'].map(of);
    await open().apply([
      ...accounts.map((account) => event(account, start, [card])),
      standing(of('a'), start + 1, { held: true, fraud: true }),
      standing(of('b'), start + 1, { held: true }),
      standing(of('c'), start + 1, { verified: true }),
    ]);
    expect(await ringOf(of('d'), start + 2)).toMatchObject({ heldShare: 0.5, fraudLabels: 1, verifiedShare: 0.25 });
    await open().apply([standing(of('b'), start + 3, {})]);
    expect(await ringOf(of('d'), start + 4)).toMatchObject({ heldShare: 0.25 });
  });

  it('merges rings under the id of the older, whichever is larger', async () => {
    const of = names();
    const older = { link: 'card', key: of('older') };
    const newer = { link: 'device', key: of('newer') };
    await open().apply([
      ...[of('a'), of('b')].map((account) => event(account, start, [older])),
      ...[of('c'), of('d'), of('e')].map((account) => event(account, start + minute, [newer])),
    ]);
    const kept = await ringOf(of('a'), start + minute);
    const gone = await ringOf(of('c'), start + minute);
    expect(gone?.ringId).not.toBe(kept?.ringId);
    await open().apply([event(of('a'), start + 2 * minute, [newer])]);
    const { own, byLink, rings } = await find(of('c'), [older, newer], start + 2 * minute);
    expect(own).toBe(kept?.ringId);
    expect([...byLink.values()]).toEqual([kept?.ringId, kept?.ringId]);
    expect([...rings.values()]).toMatchObject([{ ringId: kept?.ringId, size: 5, strongLinks: 2, families: 2 }]);
  });

  it('finds rings that went into older ones one after the other, however many', async () => {
    const of = names();
    const cards = Array.from({ length: 40 }, (_, n) => ({ link: 'card', key: of(`row-${n}`) }));
    for (const [n, card] of cards.entries())
      await open().apply([`a${n}`, `b${n}`].map((name) => event(of(name), start + n * minute, [card])));
    const at = start + cards.length * minute;
    for (let n = cards.length - 1; n > 0; n--)
      await open().apply([event(of(`bridge${n}`), at, cards.slice(n - 1, n + 1))]);
    const oldest = (await find(of('a0'), [], at)).own;
    for (const [n, card] of cards.entries()) {
      const { own, byLink, rings } = await find(of(`a${n}`), [card], at);
      expect([n, own, byLink.get('card'), rings.get(oldest ?? '')?.size]).toEqual([n, oldest, oldest, 119]);
    }
  });

  it('joins by two weak links and not by one', async () => {
    const of = names();
    const prefix = { link: 'prefix', key: of('p') };
    const template = { link: 'template', key: of('t') };
    await open().apply([
      event(of('a'), start, [prefix, template]),
      event(of('b'), start, [prefix]),
      event(of('c'), start, [prefix, template]),
    ]);
    expect(await ringOf(of('b'), start)).toBeUndefined();
    expect(await ringOf(of('c'), start)).toMatchObject({ size: 2, strongLinks: 0, families: 2 });
    expect((await find(of('d'), [prefix, template], start)).byLink.size).toBe(2);
  });

  it('lets a hub lead nowhere', async () => {
    const of = names();
    const device = { link: 'device', key: of('shared') };
    await open().apply(['a', 'b', 'c', 'd'].map((name) => event(of(name), start, [device])));
    expect((await find(of('z'), [device], start)).byLink.size).toBe(1);
    await open().apply([event(of('e'), start, [device])]);
    expect((await find(of('z'), [device], start)).byLink.size).toBe(0);
    expect(await ringOf(of('e'), start)).toBeUndefined();
  });

  it('believes neither a key nor a ring that is past its ttl, though nobody has let go of it yet', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    const prefix = { link: 'prefix', key: of('p') };
    await open().apply([event(of('a'), start, [card, prefix]), event(of('b'), start, [card])]);
    const asked = async (at: Instant) => {
      const { own, byLink } = await find(of('newcomer'), [card, prefix], at);
      return [own, [...byLink.keys()]];
    };
    expect(await asked(start + 10 * day)).toEqual([undefined, ['card', 'prefix']]);
    expect(await asked(start + 11 * day)).toEqual([undefined, ['card']]);
    expect(await asked(start + 31 * day)).toEqual([undefined, []]);
    // Times are kept by the minute: that of the last use counts whole, and what comes after it does not.
    const over = start + minute;
    expect(await asked(over + 10 * day - 1)).toEqual([undefined, ['card', 'prefix']]);
    expect(await asked(over + 10 * day)).toEqual([undefined, ['card']]);
    expect(await asked(over + 30 * day - 1)).toEqual([undefined, ['card']]);
    expect(await asked(over + 30 * day)).toEqual([undefined, []]);
    expect(await ringOf(of('a'), over + 30 * day - 1)).toMatchObject({ size: 2 });
    expect(await ringOf(of('a'), over + 30 * day)).toBeUndefined();
    expect(await ringOf(of('a'), start + 29 * day)).toMatchObject({ size: 2 });
    expect(await ringOf(of('a'), start + 31 * day)).toBeUndefined();
  });

  it('goes on believing what is used again, by whomever', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    const device = { link: 'device', key: of('device') };
    await open().apply([
      ...[of('a'), of('b')].map((account) => event(account, start, [card, device])),
      event(of('a'), start + 20 * day, [card]),
    ]);
    const { byLink } = await find(of('c'), [card, device], start + 40 * day);
    expect([...byLink.keys()]).toEqual(['card']);
    expect(await ringOf(of('b'), start + 40 * day)).toMatchObject({ size: 2 });
  });

  it('forgets what is past its ttl', async () => {
    const of = names();
    const card = { link: 'card', key: of('card') };
    await open().apply([event(of('a'), start, [card]), event(of('b'), start, [card])]);
    await open().expire(start + 29 * day);
    expect(await ringOf(of('a'), start + 29 * day)).toMatchObject({ size: 2, growth1h: 0 });
    await open().expire(start + 31 * day);
    expect(await ringOf(of('a'), start + 31 * day)).toBeUndefined();
    expect((await find(of('c'), [card], start + 31 * day)).byLink.size).toBe(0);
  });
}
