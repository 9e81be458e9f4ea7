import { describe, expect, it } from '@jest/globals';
import { textDigest } from '../../src/adapters/crypto/text-digest.js';
import { MemoryRuleSetArchive } from '../../src/adapters/memory/rule-set-archive.js';
import { SqlRuleSetArchive } from '../../src/adapters/postgres/rule-set-archive.js';
import { filesOfRuleSet, type KeptRuleSet } from '../../src/ruleset/rule-set-archive.js';
import { startRuleSetKeeper } from '../../src/workers/rule-set-keeper.js';
import { eventually } from '../support/eventually.js';
import { usePglite, usePostgres } from '../support/test-databases.js';
import { ruleSetArchiveContract } from './rule-set-archive.js';

describe('The archive of rule sets in memory', () => {
  const archive = new MemoryRuleSetArchive();
  ruleSetArchiveContract(() => archive);
});

describe('The archive of rule sets on PGlite', () => {
  const database = usePglite();
  ruleSetArchiveContract(() => new SqlRuleSetArchive(database()));
});

describe('The archive of rule sets on PostgreSQL', () => {
  const database = usePostgres(64);
  ruleSetArchiveContract(() => new SqlRuleSetArchive(database()));

  it('keeps a text once, however many sets hold it, and compressed', async () => {
    const text = '# one and the same line\n'.repeat(1000);
    const archive = new SqlRuleSetArchive(database());
    for (const hash of ['sha256:x', 'sha256:y'])
      await archive.keep(
        {
          hash,
          version: '1',
          files: new Map([
            ['a.yml', text],
            ['b.yml', text],
          ]),
        },
        0,
      );
    const sql = 'select octet_length(content) as bytes from rule_files where digest = $1';
    const [row, ...others] = await database().query<{ bytes: number }>(sql, [textDigest('sha256', text)]);
    expect(others).toEqual([]);
    expect(row?.bytes).toBeLessThan(text.length / 50);
  });
});

describe('the keeper of rule sets', () => {
  const set = (hash: string): KeptRuleSet => ({ hash, version: '1', files: new Map([['rules.yml', 'rules: []\n']]) });
  const clock = { at: 1000, now: () => clock.at };

  it('keeps every set that came into use while the truth was away, once it is back', async () => {
    const archive = new MemoryRuleSetArchive();
    const errors: unknown[] = [];
    let isAway = true;
    const flaky = {
      use: async (hash: string, at: number) => {
        if (isAway) throw new Error('away');
        return archive.use(hash, at);
      },
      keep: archive.keep.bind(archive),
    };
    const onError = (error: unknown) => errors.push(error);
    const keeper = startRuleSetKeeper({ archive: flaky, clock, onError }, { retryMs: 5 });
    keeper.inUse(set('sha256:first'));
    keeper.inUse(set('sha256:second'));
    await eventually(async () => errors.length > 1);
    isAway = false;
    await eventually(async () => (await archive.byHash('sha256:second')) !== undefined);
    expect(await archive.byHash('sha256:first')).toBeDefined();
    await keeper.stop();
  });

  it('keeps what is waiting when it stops, and raises the time of use each hour', async () => {
    const archive = new MemoryRuleSetArchive();
    const keeper = startRuleSetKeeper({ archive, clock, onError: () => undefined }, { retryMs: 5 });
    keeper.inUse(set('sha256:long'));
    await eventually(async () => (await archive.byHash('sha256:long')) !== undefined);
    clock.at += 3_600_001;
    await eventually(async () => (await archive.byHash('sha256:long'))?.lastUsedAt === clock.at);
    keeper.inUse(set('sha256:last'));
    await keeper.stop();
    expect(await archive.byHash('sha256:last')).toBeDefined();
  });

  it('leaves out what makes no rule set', () => {
    const kept = ['policy.yml', 'card/reuse.yml', 'lists/tor.txt'];
    const left = ['tests/card.test.yml', 'schema/rules.json', 'README.md', 'notes.txt', 'lists/deep/tor.txt'];
    const files = new Map([...kept, ...left].map((path) => [path, '']));
    expect([...filesOfRuleSet(files).keys()]).toEqual(kept);
  });
});
