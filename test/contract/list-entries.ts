import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KeptListEntry, ListEntries } from '../../src/lists/list-entries.js';

const now = Date.parse('2026-11-21T12:00:00Z');
let number = 0;

/** An entry for a list of this test's own. */
const anEntry = (list: string, more: Partial<KeptListEntry> = {}): KeptListEntry => ({
  id: `lst_${String(++number).padStart(8, '0')}`,
  list,
  value: 'Fp_1',
  key: 'fp_1',
  kind: 'value',
  state: 'active',
  reason: 'seen in May',
  addedBy: 'key_author',
  addedAt: now,
  expiresAt: null,
  confirmedBy: null,
  confirmedAt: null,
  ...more,
});

/** What every store of added entries does. */
export function listEntriesContract(open: () => ListEntries): void {
  let list: string;
  let entries: ListEntries;
  beforeEach(() => {
    list = `list_${++number}`;
    entries = open();
  });
  const by = (actor: string, at = now) => ({ actor, now: at });
  const active = async (at = now) => (await entries.active(at)).filter((one) => one.list === list);

  describe('an entry', () => {
    it('comes back as it was given, once for each spelling', async () => {
      const entry = anEntry(list, { expiresAt: now + 1000 });
      expect(await entries.add(entry)).toBe(true);
      expect(await entries.add(anEntry(list))).toBe(false);
      expect(await entries.find(list, 'fp_1', now)).toEqual(entry);
      expect(await active()).toEqual([entry]);
    });

    it('is gone when it has expired, and another may take its place', async () => {
      await entries.add(anEntry(list, { expiresAt: now + 1000 }));
      expect(await active(now + 1000)).toEqual([]);
      expect(await entries.find(list, 'fp_1', now + 1000)).toBeUndefined();
      expect(await entries.page({ list, limit: 10, now: now + 1000 })).toEqual([]);
      const later = anEntry(list, { addedAt: now + 1000 });
      expect(await entries.add(later)).toBe(true);
      expect(await active(now + 1000)).toEqual([later]);
    });

    it('that waits is read by nobody until somebody else confirms it, once', async () => {
      await entries.add(anEntry(list, { state: 'pending' }));
      expect(await active()).toEqual([]);
      expect(await entries.confirm(list, 'fp_1', by('key_author'))).toBeUndefined();
      const confirmed = await entries.confirm(list, 'fp_1', by('key_senior', now + 5));
      expect(confirmed).toMatchObject({ state: 'active', confirmedBy: 'key_senior', confirmedAt: now + 5 });
      expect(await active()).toEqual([confirmed]);
      expect(await entries.confirm(list, 'fp_1', by('key_senior'))).toBeUndefined();
    });

    it('is removed once', async () => {
      await entries.add(anEntry(list));
      expect(await entries.remove(list, 'fp_1', by('key_author'))).toBe(true);
      expect(await entries.remove(list, 'fp_1', by('key_author'))).toBe(false);
      expect(await active()).toEqual([]);
    });
  });

  it('every change raises the revision, and looking does not', async () => {
    const before = await entries.revision();
    await entries.add(anEntry(list, { state: 'pending', expiresAt: now + 10 }));
    const added = await entries.revision();
    await entries.confirm(list, 'fp_1', by('key_senior'));
    const confirmed = await entries.revision();
    expect(await entries.forgetExpired(now + 10)).toBe(1);
    expect(await entries.forgetExpired(now + 10)).toBe(0);
    const expired = await entries.revision();
    expect(added).toBeGreaterThan(before);
    expect(confirmed).toBeGreaterThan(added);
    expect(expired).toBeGreaterThan(confirmed);
    expect(await entries.revision()).toBe(expired);
  });

  it('pages are newest first, and counts tell those in use from those that wait', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => anEntry(list, { key, state: key === 'c' ? 'pending' : 'active' }));
    for (const entry of [a, b, c]) if (entry !== undefined) await entries.add(entry);
    const first = await entries.page({ list, limit: 2, now });
    expect(first.map(({ key }) => key)).toEqual(['c', 'b']);
    const second = await entries.page({ list, limit: 2, before: first[1]?.id, now });
    expect(second.map(({ key }) => key)).toEqual(['a']);
    expect((await entries.counts(now)).get(list)).toEqual({ active: 2, pending: 1 });
  });
}
