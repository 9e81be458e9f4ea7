import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pointsDiff } from '../../../src/fitting/points-diff.js';

const rules = `rules:
  - id: plain
    points: 40
    when: a
  - { id: flow, points: 'min(45, 9 * log2(n))', when: b }
  - id: folded
    points: >
      min(20,
        n)
    when: c
  - id: untouched
    points: 7
`;
const policy = 'policy:\n  thresholds: { limit: 30, hold: 60 }\n';
const files = new Map([
  ['a/rules.yml', rules],
  ['policy.yml', policy],
]);
const factors = new Map([
  ['plain', 1.25],
  ['flow', 0.5],
]);
const same = { before: { limit: 30, hold: 60 }, after: { limit: 30, hold: 60 } };

describe('the diff of proposed points', () => {
  it('changes numbers and puts a factor before expressions, in place', () => {
    expect(pointsDiff({ files, factors, thresholds: { ...same, after: { limit: 30, hold: 55 } } })).toBe(
      [
        '--- a/rules.yml',
        '+++ a/rules.yml',
        '@@ -3,1 +3,1 @@',
        '-    points: 40',
        '+    points: 50',
        '@@ -5,1 +5,1 @@',
        "-  - { id: flow, points: 'min(45, 9 * log2(n))', when: b }",
        "+  - { id: flow, points: '0.5 * (min(45, 9 * log2(n)))', when: b }",
        '--- policy.yml',
        '+++ policy.yml',
        '@@ -2,1 +2,1 @@',
        '-  thresholds: { limit: 30, hold: 60 }',
        '+  thresholds: { limit: 30, hold: 55 }',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['-1', 0.25, '-0.5'],
    ['1', 0.25, '0.5'],
    ['60', 3, '100'],
    ['-60', 3, '-100'],
    ['60, points_max: 80', 3, '80, points_max: 80'],
    ['1, points_max: 80', 0.25, '0.5, points_max: 80'],
  ])('keeps signs, silences no rule and writes nothing that is cut: %s times %d', (points, factor, proposed) => {
    const line = (text: string): string => `  - { id: one, points: ${text}, when: a }`;
    const one = new Map([['one.yml', `rules:\n${line(points)}\n`]]);
    const diff = pointsDiff({ files: one, factors: new Map([['one', factor]]), thresholds: same });
    expect(diff).toContain(`-${line(points)}\n+${line(proposed)}\n`);
  });

  it.each([
    ['10 * n, points_max: 40', 0.5, '0.5 * min(40, 10 * n), points_max: 40'],
    ['10 * n', 0.5, '0.5 * min(100, 10 * n)'],
    ['10 * n, points_max: 40', 1.5, '1.5 * (10 * n), points_max: 40'],
    ["'min(50, 10 * n)', points_max: 40", 0.5, "'0.5 * min(40, min(50, 10 * n))', points_max: 40"],
  ])('takes a part of the points as they were cut: %s times %d', (points, factor, proposed) => {
    const line = (text: string): string => `  - { id: one, points: ${text}, when: a }`;
    const one = new Map([['one.yml', `rules:\n${line(points)}\n`]]);
    const diff = pointsDiff({ files: one, factors: new Map([['one', factor]]), thresholds: same });
    expect(diff).toContain(`+${line(proposed)}\n`);
  });

  it.each([
    ['0', 3],
    ['1', 1.1],
    ['100', 1.5],
  ])('says nothing of points that stay what they are: %s times %d', (points, factor) => {
    const one = new Map([['one.yml', `rules:\n  - { id: one, points: ${points}, when: a }\n`]]);
    expect(pointsDiff({ files: one, factors: new Map([['one', factor]]), thresholds: same })).toBe('');
  });

  it('is empty when nothing changes', () => {
    expect(pointsDiff({ files, factors: new Map(), thresholds: same })).toBe('');
  });

  it('gives one line for an expression that stands over several', () => {
    expect(pointsDiff({ files, factors: new Map([['folded', 2]]), thresholds: same })).toContain(
      '-    points: >\n-      min(20,\n-        n)\n+    points: 2 * (min(20, n))\n',
    );
  });

  it('is taken by git, and what comes out says what was proposed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-fit-'));
    try {
      mkdirSync(join(folder, 'a'));
      for (const [path, text] of files) writeFileSync(join(folder, path), text);
      const thresholds = { ...same, after: { limit: 28, hold: 55 } };
      const diff = pointsDiff({ files, factors: new Map([...factors, ['folded', 2]]), thresholds });
      execFileSync('git', ['apply', '-p0', '--unidiff-zero', '-'], { cwd: folder, input: diff });
      expect(readFileSync(join(folder, 'policy.yml'), 'utf8')).toContain('{ limit: 28, hold: 55 }');
      expect(readFileSync(join(folder, 'a/rules.yml'), 'utf8')).toBe(
        rules
          .replace('points: 40', 'points: 50')
          .replace('min(45, 9 * log2(n))', '0.5 * (min(45, 9 * log2(n)))')
          .replace('>\n      min(20,\n        n)', '2 * (min(20, n))'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
