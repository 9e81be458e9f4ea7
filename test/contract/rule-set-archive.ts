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
}
