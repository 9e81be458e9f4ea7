import { expect, it } from '@jest/globals';
import type { KeptRuleSet, RuleSetArchive } from '../../src/ruleset/rule-set-archive.js';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const minute = 60_000;
let made = 0;

function aSet(more: Partial<KeptRuleSet> = {}): KeptRuleSet {
  const hash = `sha256:${++made}`;
  return { hash, version: '2026-05-01.1', files: new Map([['rules.yml', `rules: [] # ${hash} “ü” 🂡\n`]]), ...more };
}

/** What every archive of rule sets does alike. */
export function ruleSetArchiveContract(open: () => RuleSetArchive): void {
  it('gives a set back as it was, and knows nothing of others', async () => {
    const archive = open();
    const lists = [...'ab'].map((name): [string, string] => [`lists/${name}.txt`, '# same in both\nAS1\n']);
    const set = aSet({ files: new Map([['deep/rules.yml', 'rules: []\r\n'], ['policy.yml', ''], ...lists]) });
    await archive.keep(set, noon);
    expect(await archive.byHash(set.hash)).toEqual({ ...set, firstUsedAt: noon, lastUsedAt: noon });
    expect(await archive.byHash('sha256:never')).toBeUndefined();
    expect(await archive.use('sha256:never', noon)).toBe(false);
  });

  it('keeps the first and the last time of use, in whatever order they are told', async () => {
    const archive = open();
    const set = aSet();
    expect(await archive.use(set.hash, noon)).toBe(false);
    await archive.keep(set, noon);
    await archive.keep(set, noon + 2 * minute);
    await archive.keep({ ...set, files: new Map() }, noon - minute);
    expect(await archive.use(set.hash, noon + minute)).toBe(true);
    const found = await archive.byHash(set.hash);
    expect(found).toEqual({ ...set, firstUsedAt: noon - minute, lastUsedAt: noon + 2 * minute });
    expect(await archive.use(set.hash, noon + 3 * minute)).toBe(true);
    expect((await archive.byHash(set.hash))?.lastUsedAt).toBe(noon + 3 * minute);
  });

  it('takes the same set from several instances at once', async () => {
    const set = aSet({ files: new Map([['big.yml', '# line of a rule file\n'.repeat(5000)]]) });
    await Promise.all(Array.from({ length: 8 }, (_, index) => open().keep(set, noon + index)));
    expect(await open().byHash(set.hash)).toEqual({ ...set, firstUsedAt: noon, lastUsedAt: noon + 7 });
  });

  it('shares what two sets have in common', async () => {
    const archive = open();
    const list: [string, string] = ['lists/tor.txt', '# type: cidr\n198.51.100.0/24\n'];
    const [before, after] = [aSet(), aSet()].map((set) => ({ ...set, files: new Map([...set.files, list]) }));
    if (before === undefined || after === undefined) throw new Error('no sets');
    await archive.keep(before, noon);
    await archive.keep(after, noon);
    expect((await archive.byHash(before.hash))?.files).toEqual(before.files);
    expect((await archive.byHash(after.hash))?.files).toEqual(after.files);
  });

  it('forgets sets that were not used for a while, with what no other set has, and none of the last day', async () => {
    const archive = open();
    const day = 24 * 60 * minute;
    const now = noon + 100 * day;
    const burned: [string, string] = ['lists/burned.txt', '# type: value\nfp_of_a_person\n'];
    const common: [string, string] = ['lists/tor-exits.txt', '# type: cidr\n192.0.2.0/24\n'];
    const old = aSet({ files: new Map([burned, common]) });
    const recent = aSet({ files: new Map([common]) });
    const inUse = aSet({ files: new Map([common]) });
    await archive.forget(now, { actor: 'key_1', now });
    await archive.keep(old, noon);
    await archive.keep(recent, noon + 50 * day);
    await archive.keep(inUse, now);
    const forgotten = await archive.forget(noon + 10 * day, { actor: 'key_1', now });
    expect(forgotten).toEqual({ ruleSets: 1, files: 1 });
    expect(await archive.byHash(old.hash)).toBeUndefined();
    expect((await archive.byHash(recent.hash))?.files).toEqual(recent.files);
    expect(await archive.forget(now + day, { actor: 'key_1', now })).toEqual({ ruleSets: 1, files: 0 });
    expect((await archive.byHash(inUse.hash))?.files).toEqual(inUse.files);
    await archive.keep(old, now);
    expect((await archive.byHash(old.hash))?.files).toEqual(old.files);
  });
}
