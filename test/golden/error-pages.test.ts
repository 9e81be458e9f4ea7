import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expressionErrors } from '../../src/expression/error-codes.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { ruleErrors, ruleWarnings } from '../../src/ruleset/problem-codes.js';
import { readTestFiles } from '../../src/sequences/read-test-files.js';
import { rightFiles, today } from './rule-mistakes/right-files.js';

const folder = join(import.meta.dirname, '../../docs/errors');
const titles: Readonly<Record<string, string>> = { ...ruleErrors, ...expressionErrors, ...ruleWarnings };
const codes = Object.keys(titles).sort();
const pageOf = (code: string): string => readFileSync(join(folder, `${code}.md`), 'utf8');

/** Examples that would fill the page, or that are no file: `rule-mistakes` and the tests of the folder show these. */
const tooLong = new Set(['E009', 'E029', 'E032', 'E034', 'E037', 'E130', 'E131', 'E132', 'E133', 'E134', 'W048']);

interface Example {
  readonly code: string;
  readonly path: string;
  readonly text: string;
}

function exampleOf(code: string, kind: 'wrong' | 'right'): Example {
  const [, , path = '', text] =
    new RegExp(`\`\`\`(yaml|text) ${kind}( [^\\n]*)?\\n([\\s\\S]*?)\`\`\``).exec(pageOf(code)) ?? [];
  if (text === undefined) throw new Error(`${code}.md has no block marked '${kind}'`);
  return { code, path: path.trim() === '' ? 'example.yml' : path.trim(), text };
}

function codesIn({ code, path, text }: Example): readonly string[] {
  const files = new Map([...rightFiles, [path, text]]);
  // A running service reads expired exceptions; an author is refused them.
  const loaded = loadRuleSet({ files, now: today, expiredExceptions: code === 'W013' ? 'warn' : 'error' });
  const tests = readTestFiles(files, loaded.ruleSet);
  const all = [...loaded.errors, ...loaded.warnings, ...tests.errors, ...tests.warnings];
  // A rule that goes with the file whose place the example takes was the only one with its reason.
  const left = all.filter((problem) => !rightFiles.has(path) || path.startsWith('lists/') || problem.code !== 'W041');
  return [...new Set(left.map((problem) => problem.code))];
}

const shown = codes.filter((code) => !tooLong.has(code));

describe('the page of an error', () => {
  it('is there for every code, and for nothing else', () => {
    const pages = readdirSync(folder).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`));
  });

  it.each(codes)('%s has its title and stands in the index', (code) => {
    const [title] = pageOf(code).split('\n');
    expect(title).toBe(`# ${code}: ${titles[code]}`);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`| [${code}](${code}.md) | ${titles[code]} |`);
  });

  it('stands in the index among those of its kind', () => {
    const [errors = '', warnings = ''] = readFileSync(join(folder, 'README.md'), 'utf8').split('## Warnings');
    expect(errors).not.toContain('| [W');
    expect(warnings).not.toContain('| [E');
  });

  it.each(shown)('%s shows an example that is wrong in this way and no other', (code) => {
    expect(codesIn(exampleOf(code, 'wrong'))).toEqual([code]);
  });

  it.each(shown)('%s shows one that is right', (code) => {
    expect(codesIn(exampleOf(code, 'right'))).toEqual([]);
  });
});
