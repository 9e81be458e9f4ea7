import { describe, expect, it } from '@jest/globals';
import { expressionErrors } from '../../../src/expression/error-codes.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { ruleErrors, ruleWarnings } from '../../../src/ruleset/problem-codes.js';
import { conditions, mistakes } from './mistakes.js';
import { rightFiles, today } from './right-files.js';

const problemsOf = (changed: Readonly<Record<string, string>>) => {
  const { errors, warnings } = loadRuleSet({ files: new Map([...rightFiles, ...Object.entries(changed)]), now: today });
  return [...errors, ...warnings].map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
};

const fileOf = (path: string, from: string, to: string): string => (rightFiles.get(path) ?? '').replace(from, () => to);

const rule = (when: string): string =>
  `rules:\n  - { id: example, family: device, on: [signup], when: ${when}, points: 1, reason: device.automation, owner: a, mode: shadow }\n`;

const links = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `  link_${index}: { by: [email.shape], strength: weak, hub_cap: 9, ttl: 1d }\n`,
  ).join('');

const patterns = (count: number): string =>
  `rules:\n${Array.from({ length: count }, (_, index) =>
    rule(`'email.shape.matches("a${index}.{980}")'`)
      .replace('rules:\n', '')
      .replace('id: example', `id: example-${index}`),
  ).join('')}`;

/** Examples that are too long for their pages. */
const long: readonly (readonly [code: string, path: string, text: string])[] = [
  ['E009', 'example.yml', `# ${'x'.repeat(256 * 1024)}\n`],
  ['E034', 'ring/rings.yml', `links:\n${links(31)}`],
  ['E037', 'example.yml', patterns(110)],
  ['E130', 'example.yml', rule(`ip.asn == ${'1'.repeat(9)} ${'|| ip.is_tor '.repeat(330)}`)],
  ['E131', 'example.yml', rule(`${'('.repeat(65)}ip.is_tor${')'.repeat(65)}`)],
  ['E132', 'example.yml', rule(Array.from({ length: 251 }, () => 'ip.is_tor').join('||'))],
  ['E133', 'example.yml', rule(`'ip.asn in [${Array.from({ length: 257 }, (_, asn) => asn).join()}]'`)],
  ['E134', 'example.yml', rule(`email.shape.matches("${'l'.repeat(257)}")`)],
];

describe('mistakes in several files', () => {
  it('are all told in one run, of a file that is no YAML the first', () => {
    const found = problemsOf({
      'policy.yml': fileOf('policy.yml', 'limit: 30', 'limit: 300'),
      'network/exits.yml': fileOf('network/exits.yml', '    family: network', '\t  family: network').replace(
        'points: 12',
        'points: "',
      ),
      'email/domains.yml': fileOf('email/domains.yml', 'lists.burned', 'lists.burnd').replace(
        'on: [signup]',
        'on: [signup',
      ),
      'payment/reuse.yml': fileOf('payment/reuse.yml', 'points_max: 45', 'points_max: 450').replace(
        'share: 5%',
        'share: 5',
      ),
    });
    expect(found).toEqual([
      'email/domains.yml:6:9 E001',
      'network/exits.yml:12:1 E001',
      'payment/reuse.yml:11:17 E014',
      'payment/reuse.yml:20:20 E016',
      'policy.yml:3:24 E014',
    ]);
  });

  it('make no mistakes of those who use what they declare', () => {
    const use = `${rule('"anonymous_exit && signups_per_prefix_10m > 3 && trusted_per_ip < 2"')}`;
    for (const path of ['network/exits.yml', 'reasons.yml'])
      for (const broken of ['a: "', 'a: [', '\ta: 1', 'a: b: c', 'a: 1\na: 2\n', '---\n---\n', '%x\n---\n', '&a b: c'])
        expect(
          problemsOf({ 'use.yml': use, [path]: `${rightFiles.get(path)}${broken}` }).filter(
            (problem) => !problem.startsWith(path),
          ),
        ).toEqual([]);
  });

  it('are named by the file that they are in', () => {
    expect(
      problemsOf({ 'one.yml': rule('ip.is_vnp'), 'two/three.yml': rule('ip.is_tro').replace('example', 'other') }),
    ).toEqual(['one.yml:2:56 E101', 'two/three.yml:2:54 E101']);
    expect(problemsOf({ 'one.yml': rule('ip.is_vpn'), 'two.yml': rule('ip.is_tor') })).toEqual(['two.yml:2:11 E020']);
    expect(problemsOf({ 'one.yaml': rule('ip.is_vpn') })).toEqual(['one.yaml:1:1 W012']);
    expect(problemsOf({ 'lists/more/burned.txt': 'a.example\n' })).toEqual(['lists/more/burned.txt:1:1 W012']);
    expect(problemsOf({ 'lists/burned.txt': '# source: us\n# date: 2026-11-01\n' })).toEqual([
      'email/domains.yml:15:11 W036',
    ]);
  });

  it('count columns as editors do: returns, marks of order and characters of two units', () => {
    const wrong = rule('\'ip.as_name == "\u{1F600}" && ip.is_vnp\'');
    expect(problemsOf({ 'one.yml': wrong })).toEqual(['one.yml:2:79 E101']);
    expect(problemsOf({ 'one.yml': `\uFEFF${wrong.replaceAll('\n', '\r\n')}` })).toEqual(['one.yml:2:79 E101']);
  });

  it.each(long)('%s: what is too large is refused', (code, path, text) => {
    const codes = problemsOf({ [path]: text }).map((problem) => problem.split(' ')[1]);
    expect(codes.filter((other) => other !== 'E101')).toEqual([code]);
  });

  it('have been made for nearly every code', () => {
    const made = new Set([...mistakes, ...conditions].map(({ code }) => code));
    const missing = Object.keys({ ...ruleErrors, ...expressionErrors, ...ruleWarnings }).filter(
      (code) => !made.has(code),
    );
    // Of folders, of sequence tests, of allow-lists; the rest is above and on the pages of errors.
    expect(missing.length).toBeLessThan(40);
  });
});
