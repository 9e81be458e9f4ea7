import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../src/adapters/files/rule-files.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { readTestFiles } from '../../src/sequences/read-test-files.js';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the stories of the default rules', () => {
  // They are played by `rules test rules`, which scripts/test runs as a check of its own.
  it('are at least twenty, without a mistake, and each expects something', async () => {
    const { files } = await readRuleFiles(join(process.cwd(), 'rules'));
    const { ruleSet } = loadRuleSet({ files, now });
    if (ruleSet === undefined) throw new Error('the default rules do not load');
    const { tests, errors, warnings } = readTestFiles(files, ruleSet);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(tests.length).toBeGreaterThanOrEqual(20);
    // A story that expects nothing tells nothing.
    expect(tests.filter(({ expectations }) => expectations.length === 0).map(({ name }) => name)).toEqual([]);
  });
});
