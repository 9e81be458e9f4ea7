import { describe, expect, it } from '@jest/globals';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import { today } from '../../support/rule-files.js';

const features = `features:
  signups_10m: { count: event, by: [ip.address], window: 10m }
  cards_1d: { distinct: payment.fingerprint, by: [account.id], window: 1d }
  trusted_7d: { trusted: account.id, by: [ip.address], older_than: 7d }
reasons:
  device.automation: { title: Driven, public: usage_limited }
`;

interface Parts {
  readonly when: string;
  readonly points: string;
  readonly title?: string;
}

const rule = (id: string, { when, points, title = 'A rule' }: Parts): string => `  - id: ${id}
    family: device
    on: [signup]
    when: '${when}'
    points: '${points}'
    reason: device.automation
    title: "${title}"
    owner: abuse-team
`;

/** Warnings of these rules, with what they point at. */
function warnings(...rules: readonly Parts[]) {
  const text = `${features}rules:\n${rules.map((parts, index) => rule(`r${index + 1}`, parts)).join('')}`;
  const loaded = loadRuleSet({ files: new Map([['rules.yml', text]]), now: today });
  expect(loaded.errors).toEqual([]);
  const lines = text.split('\n');
  return loaded.warnings.map(({ code, rule: of, message, line, column, end_column }) => ({
    code,
    rule: of,
    message,
    shown: lines[line - 1]?.slice(column - 1, end_column - 1),
  }));
}

const codes = (...rules: readonly Parts[]): string[] => warnings(...rules).map(({ code }) => code);

describe('a rule that fires only where another does', () => {
  const narrow = { when: 'cards_1d >= 5', points: '10' };

  it.each([
    'cards_1d',
    '10',
    'min(45, 9 * log2(1 + cards_1d))',
    '100 / cards_1d',
    '20 / max(1, cards_1d) - 2 * cards_1d',
    'default(cards_1d, 3)',
  ])('is told where the other has points for certain: %s', (points) => {
    expect(codes({ when: 'cards_1d >= 3', points }, narrow)).toContain('W037');
  });

  it.each([
    'cards_1d / trusted_7d',
    'trusted_7d',
    'log2(cards_1d - 5)',
    '10 / (cards_1d - 6)',
    'default(trusted_7d, 3)',
  ])('is not told where the points of the other can be unknown: %s', (points) => {
    expect(codes({ when: 'cards_1d >= 3', points }, narrow)).not.toContain('W037');
  });

  it('is told where both give the same points: without them neither fires', () => {
    const points = 'cards_1d / trusted_7d';
    expect(codes({ when: 'cards_1d >= 3', points }, { when: 'cards_1d >= 5', points })).toContain('W037');
  });
});

describe('points that are always unknown', () => {
  it.each(['10 / 0', 'log2(0)', 'cards_1d / (2 - 2)', '5 + min(cards_1d, log2(-1))', 'default(10 / 0, log2(0))'])(
    'are told, for the rule can never fire: %s',
    (points) => {
      expect(warnings({ when: 'cards_1d >= 3', points })).toContainEqual(
        expect.objectContaining({ code: 'W018', rule: 'r1', shown: `'${points}'` }),
      );
    },
  );

  it.each(['10 / 1', 'log2(cards_1d)', 'cards_1d / trusted_7d', 'default(10 / 0, 5)'])(
    'are not told where there may be some: %s',
    (points) => {
      expect(codes({ when: 'cards_1d >= 3', points })).not.toContain('W018');
    },
  );
});

describe('a rule that reads a ring, without links', () => {
  it.each([
    ['the condition', { when: 'ring.size >= 3', points: '1' }, "'ring.size >= 3'"],
    ['the points', { when: 'cards_1d >= 3', points: 'ring.size' }, 'ring.size'],
    ['the title', { when: 'cards_1d >= 3', points: '1', title: 'one of {ring.size}' }, 'ring.size'],
  ])('is shown where it reads it, in %s', (_where, parts, shown) => {
    expect(warnings(parts)).toContainEqual(expect.objectContaining({ code: 'W020', shown }));
  });
});

describe('what another moment or another event can make true', () => {
  it.each(['signups_10m < 1', 'signups_10m == 0 || email.is_free', 'signups_10m >= 1'])(
    'is not told of a count, which whoever is judged again is no part of: %s',
    (when) =>
      expect(codes({ when, points: '10' })).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/W007|W033|W043/)]),
      ),
  );

  it.each([
    'key_delay.seconds < 10',
    'key_delay.bucket == "under_10s"',
    'api_key.scopes_count > 3',
    'pay_delay.seconds < 5',
  ])('is not told of what an account is remembered by, or any event may carry: %s', (when) =>
    expect(codes({ when, points: '10' })).not.toContain('W040'),
  );

  it.each(['usage.requests > 5', 'usage.ip_changed_since_signup'])('is told of what a signup never has: %s', (when) =>
    expect(codes({ when, points: '10' })).toContain('W040'),
  );
});
