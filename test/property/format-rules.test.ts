import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRules } from '../../src/authoring/format-rules.js';
import { type Loaded, loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import type { RuleDeclaration } from '../../src/ruleset/rule-declaration.js';
import { rightRules, ruleFiles, today } from '../support/rule-files.js';

const rules = join(process.cwd(), 'rules');
const paths = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(?:yml|txt)$/.test(path));
const files = new Map(paths.map((path) => [path, readFileSync(join(rules, path), 'utf8')]));
const formatted = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...texts].map(([path, text]) => [path, path.endsWith('.yml') ? formatRules(path, text).text : text]));

/** Everything that a rule set means: without places, and without the spaces in its texts. */
function meaning({ ruleSet, errors }: Loaded): unknown {
  if (ruleSet === undefined) return errors.map(({ code, message }) => `${code} ${message}`).sort();
  const { policy, features, links, reasons, declarations, predicates } = ruleSet;
  return JSON.parse(
    JSON.stringify({
      policy,
      features,
      links: links.map(({ spec, when }) => [spec, when?.ast]),
      reasons: [...reasons],
      predicates: [...predicates].map(([name, { ast }]) => [name, ast]),
      rules: declarations.map(ruleMeaning),
    }),
    (key, value) => (isPlace(key) ? undefined : value),
  );
}

const isPlace = (key: string): boolean =>
  ['start', 'end', 'text', 'at', 'line', 'slot', 'leaves', 'file', 'core'].includes(key);

const ruleMeaning = ({ info, when, points, title, exceptions, tests, fuse }: RuleDeclaration): unknown => ({
  info: { ...info, when: '', points: '' },
  when: when.ast,
  points: points.ast,
  title: title.parts,
  exceptions: exceptions.map((one) => [one.when.ast, one.why, one.owner, one.lastDay]),
  tests: tests.map(({ name, given, expect: wanted }) => [name, [...given], wanted]),
  fuse,
});

const load = (texts: ReadonlyMap<string, string>): Loaded => loadRuleSet({ files: texts, now: today });

describe('the usual form of the default rules', () => {
  it('means the same, and is its own usual form', () => {
    const once = formatted(files);
    expect(meaning(load(once))).toEqual(meaning(load(files)));
    expect(formatted(once)).toEqual(once);
  });
});

/** Other ways to write the same: wider spaces, comments, blank lines, deeper indentation. */
const rewriting = fc.record({
  spaces: fc.array(fc.nat(10_000), { maxLength: 12 }),
  comments: fc.array(fc.nat(10_000), { maxLength: 6 }),
  blankLines: fc.array(fc.nat(10_000), { maxLength: 4 }),
  indent: fc.constantFrom(1, 2, 3),
  lineEnd: fc.constantFrom('\n', '\r\n'),
});
type Rewriting = typeof rewriting extends fc.Arbitrary<infer T> ? T : never;

function rewrite({ spaces, comments, blankLines, indent, lineEnd }: Rewriting): string {
  const source = rightRules.split('\n');
  const at = (numbers: readonly number[], line: number): boolean => numbers.some((n) => n % source.length === line);
  const lines = source.flatMap((line, number) => {
    const margin = ' '.repeat((/^ */.exec(line)?.[0].length ?? 0) * indent);
    const text =
      at(spaces, number) && !line.includes('title:')
        ? line.trim().replace(/ (?=[&|{}[\]>=*(])|(?<=[&|{}[\]>=*(,:]) /g, '   ')
        : line.trim();
    const dashed = text.replace(/^- (?=id:)/, `-${' '.repeat(2 * indent - 1)}`);
    const commented = at(comments, number + 1) ? `${dashed}  # why ${number}` : dashed;
    return [
      ...(at(blankLines, number) ? ['', '  '] : []),
      ...(at(comments, number) ? [`${margin}# what follows ${number}`] : []),
      text === '' ? '' : margin + commented,
    ];
  });
  return lines.join(lineEnd);
}

/** Slips of the keyboard. */
const pieces = ['\n', ' ', '# why\n', ' # why', '- ', ': ', '{', '}', "'", '"', ',', '&&', '>-\n      ', '\t'];
const slip = fc.record({
  at: fc.nat(rightRules.length),
  cut: fc.integer({ min: 0, max: 3 }),
  insert: fc.constantFrom(...pieces),
});

function expectSame(text: string): boolean {
  const { text: once, errors } = formatRules('rules.yml', text);
  if (errors.length > 0) expect(once).toBe(text);
  if (once === text) return false;
  expect(formatRules('rules.yml', once)).toEqual({ text: once, errors: [] });
  expect(meaning(load(ruleFiles(once)))).toEqual(meaning(load(ruleFiles(text))));
  return true;
}

describe('the usual form of any file', () => {
  it('is one for all ways to write the same', () => {
    let changed = 0;
    fc.assert(
      fc.property(rewriting, (how) => {
        const text = rewrite(how);
        if (expectSame(text)) changed++;
        const bare = formatRules('rules.yml', text)
          .text.replace(/ *#.*$/gm, '')
          .replace(/\n{2,}/g, '\n')
          .trimStart();
        expect(bare).toBe(formatRules('rules.yml', rightRules).text.replace(/\n{2,}/g, '\n'));
      }),
      { numRuns: 30 },
    );
    expect(changed).toBeGreaterThan(15);
  });

  it('means the same, and is the file itself where that is broken', () => {
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 2 }), (slips) => {
        const text = slips.reduce(
          (before, { at, cut, insert }) => before.slice(0, at) + insert + before.slice(at + cut),
          rightRules,
        );
        expectSame(text);
      }),
      { numRuns: 60 },
    );
  });
});
