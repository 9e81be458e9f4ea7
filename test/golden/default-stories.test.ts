import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../src/adapters/files/rule-files.js';
import { failureText } from '../../src/cli/rules-test-text.js';
import { openTestData, runSequences } from '../../src/cli/run-sequences.js';
import { CoverageTally } from '../../src/ruleset/coverage-tally.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { readTestFiles } from '../../src/sequences/read-test-files.js';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the stories of the default rules', () => {
  it('are at least twenty, without a mistake, and all come out as they say', async () => {
    const { files } = await readRuleFiles(join(process.cwd(), 'rules'));
    const { ruleSet } = loadRuleSet({ files, now });
    const data = await openTestData({});
    if (ruleSet === undefined || data === undefined) throw new Error('the default rules do not load');
    const { tests, errors, warnings } = readTestFiles(files, ruleSet);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(tests.length).toBeGreaterThanOrEqual(20);
    // A story that expects nothing tells nothing.
    expect(tests.filter(({ expectations }) => expectations.length === 0).map(({ name }) => name)).toEqual([]);
    const runs = await runSequences(tests, { files, ruleSet, now, tally: new CoverageTally(), data });
    expect(runs.filter(({ report }) => !report.ok).map(({ report }) => failureText(report))).toEqual([]);
  });
});
