import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../src/adapters/files/rule-files.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { runRuleTests } from '../../src/ruleset/run-rule-tests.js';

const now = Date.parse('2026-11-21T12:00:00Z');
const { files } = await readRuleFiles(join(process.cwd(), 'rules'));
const lists = [...files].filter(([path]) => path.startsWith('lists/'));

/** An example of the guide, with the lists and, unless it brings its own, the reason codes of the default rules. */
function loadExample(text: string) {
  const reasons = /^reasons:/m.test(text) ? [] : [...files].filter(([path]) => path === 'reasons.yml');
  return loadRuleSet({ files: new Map([...lists, ...reasons, ['example.yml', text]]), now });
}

async function examplesOf(path: string): Promise<[string, string][]> {
  const text = await readFile(join(process.cwd(), path), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, example = '']) => [
    `${path}: ${example.split('\n').find((line) => line.includes('- id:')) ?? example.split('\n')[0]}`,
    example,
  ]);
}

const examples = [...(await examplesOf('docs/rules.md')), ...(await examplesOf('rules/README.md'))];

describe('the guide for rule authors', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
  });

  it.each(examples)('shows a valid example: %s', (_name, text) => {
    const { errors, ruleSet } = loadExample(text);
    expect(errors).toEqual([]);
    const run = ruleSet === undefined ? undefined : runRuleTests(ruleSet, now);
    expect(run?.tests.filter(({ ok }) => !ok)).toEqual([]);
  });
});
