import { describe, expect, it } from '@jest/globals';
import { loadFiles } from '../../../src/adapters/files/open-rules.js';
import { finishSteps } from '../../../src/model/steps.js';
import { LoadMemory } from '../../../src/ruleset/load-memory.js';
import { rightFiles, today } from '../../golden/rule-mistakes/right-files.js';

interface Change {
  readonly files?: Readonly<Record<string, string>>;
  readonly unreadable?: readonly string[];
}

/** All that is told of a folder, with the hint or the message. */
function told({ files = {}, unreadable = [] }: Change): readonly string[] {
  const all = new Map([...rightFiles, ...Object.entries(files)]);
  for (const path of unreadable) all.delete(path);
  const found = { files: all, unreadable: unreadable.map((path) => ({ path, why: 'it is not UTF-8' })), unread: [] };
  const how = { now: today, expiredExceptions: 'error' as const, memory: new LoadMemory() };
  const { errors, warnings } = finishSteps(loadFiles(found, how));
  return [...errors, ...warnings].map(({ code, message, hint }) => `${code} ${hint ?? message}`);
}

interface Parts {
  readonly when?: string;
  readonly points?: string;
  readonly owner?: string;
  readonly more?: string;
}

const rule = ({ when = 'ip.is_vpn', points = '1', owner = 'a', more = '' }: Parts): Change => ({
  files: {
    'example.yml': `${more}rules:
  - id: example
    family: device
    on: [signup]
    when: ${when}
    points: ${points}
    reason: device.automation
    owner: ${owner}
    mode: shadow
`,
  },
});

describe('One mistake is told once', () => {
  it('of a list file that cannot be read, and not of those who ask for the list', () => {
    expect(told({ unreadable: ['lists/burned.txt'] })).toEqual(['E029 this file cannot be used: it is not UTF-8']);
  });

  it('of a rules file that cannot be read, and not of reasons that only its rules give', () => {
    expect(told({ unreadable: ['device/automation.yml'] })).toEqual(['E029 this file cannot be used: it is not UTF-8']);
  });

  it.each(['domain_age && ip.is_vpn', 'domain_age < 3d'])(
    'of a name of two things, and not where it is read: %s',
    (when) => {
      const more = 'predicates:\n  domain_age: ip.is_tor\n';
      expect(told(rule({ more, when }))).toEqual([expect.stringMatching(/^E020 'domain_age' is a feature already/)]);
    },
  );

  it('of a sign that no name has, and not of the dot before it', () => {
    expect(told(rule({ when: "'ip.\u{1f600} > 1'" }))).toEqual([expect.stringMatching(/^E126 /)]);
  });

  it.each(["'ip.asn & 1'", "'ip.asn | 1'", "'ip.asn & 1 == 1 && ip.is_vpn'"])(
    'of a sign for bits, and not of what stands beside it: %s',
    (when) => expect(told(rule({ when }))).toEqual([expect.stringMatching(/^E147 /)]),
  );
});

/** A rule in braces, whose condition is what matters. */
const inBraces = (parts: string): Change => ({
  files: {
    'example.yml': `rules:
  - { id: example, family: device, on: [signup], ${parts}, reason: device.automation, owner: a, mode: shadow }
`,
  },
});

describe('A comma that ends a value', () => {
  const comma = 'E010 a comma ends the value before it: put the whole text in quotes';

  it.each([
    'when: default(domain_age, 0) > 3, points: 1',
    'when: ip.is_vpn, points: min(3, 4)',
    'when: min(1, 2, domain_age) > 0, points: 1',
  ])('is told where the rest is read as a key, and not as half an expression: %s', (parts) =>
    expect(told(inBraces(parts))).toEqual([comma]),
  );

  it('is no comma where a colon is missing', () =>
    expect(told(inBraces('when ip.is_vpn, points: 1'))).toEqual(["E010 did you mean 'when: ip.is_vpn'?"]));

  it('is none in a text with quotes', () =>
    expect(told(inBraces("when: 'default(domain_age, 0) > 3', points: 1"))).toEqual([]));

  it('is none at a key of a block that has no value', () => {
    const { files } = rule({});
    const text = (files?.['example.yml'] ?? '').replace('mode: shadow', 'mode: shadow\n    zzz:');
    expect(told({ files: { 'example.yml': text } })).toEqual([expect.stringMatching(/^E010 one of id, family/)]);
  });
});

describe('A suggestion is something that can be written', () => {
  it('no name that cannot be read', () => {
    const more = 'features:\n  f-3: { count: event, by: [ip.prefix], window: 1d }\n';
    expect(told(rule({ more, when: 'f_4 > 3' }))).toEqual([
      'E018 small letters, digits and underscores: accounts_per_card_90d',
      "E101 unknown field 'f_4'",
    ]);
  });

  it.each([
    ["email.domain.startsWith('@')", /^W032 no 'email\.domain' begins with '@'/],
    ["payment.bin.startsWith('x')", /^W032 no 'payment\.bin' begins with 'x'/],
    ["payment.bin == '12-3'", /^W032 'payment\.bin' is never '12-3'/],
    ["phone.number == 'x'", /^W032 'phone\.number' is never 'x'/],
  ])('no text that says nothing or is none either: %s', (when, message) =>
    expect(told(rule({ when: `"${when}"` }))).toEqual([expect.stringMatching(message)]),
  );
});

describe('Two negations', () => {
  it.each(['!!ip.is_vpn', '!(!ip.is_vpn)'])('are none: %s', (when) =>
    expect(told(rule({ when: `'${when}'` }))).toEqual([]),
  );
});

describe('A mistake is told as what it is', () => {
  it('a rules file that is a list', () => {
    expect(told({ files: { 'example.yml': '- id: example\n  family: device\n' } })).toEqual([
      "E012 put 'rules:' before the rules",
    ]);
    expect(told({ files: { 'example.yml': '[rules, links]\n' } })).toEqual([
      'E012 a rules file is a map of features, links, predicates, rules, policy or reasons, not a list',
    ]);
  });

  it.each([
    ['a network by its sign', rule({ when: 'ip.asn == AS15169' }), "E101 did you mean '15169'?"],
    [
      'a country of the address',
      rule({ when: "geo.country == 'DE'" }),
      "E101 did you mean 'ip.country'? (or 'geo.country_mismatch', 'payment.country')",
    ],
    [
      'a share of accounts',
      { files: { 'example.yml': (rule({}).files?.['example.yml'] ?? '').replace('shadow', 'rollout 20%') } },
      "E013 did you mean '{ rollout: 20% }'?",
    ],
    [
      'tests beside the rules',
      { files: { 'card/foo.test.yml': 'clock: 2026-05-04T08:00:00Z\ntests:\n  - { name: a }\n' } },
      'E010 tests stand in the folder tests/: move the file there',
    ],
  ])('%s', (_what, change, expected) => expect(told(change)).toEqual([expected]));

  it('a file that is to be included', () => {
    expect(told({ files: { 'example.yml': 'rules: !include other.yml\n' } })).toEqual([
      'E003 nothing is included: all files that end in .yml are read as one',
    ]);
  });

  it('exceptions without dashes', () => {
    const text = (rule({}).files?.['example.yml'] ?? '').replace('mode:', 'except: { when: ip.is_tor }\n    mode:');
    expect(told({ files: { 'example.yml': text } })).toEqual(['E012 begin each item with a dash: - when: …']);
  });

  it.each([
    ['a line without a colon', (text: string) => text.replace('mode: shadow', 'mode shadow'), 'E001 key: value'],
    [
      'a bracket in a text without quotes',
      (text: string) => text.replace('mode: shadow', 'fuse: { share: l{n}.d, min: 50 }'),
      "E001 put the whole value between single quotes: 'l{n}.d'",
    ],
    [
      'a comment between the lines of a text',
      (text: string) => text.replace('when: ip.is_vpn', 'when: ip.is_vpn && # why\n      ip.is_tor'),
      'E001 put the comment above the key',
    ],
  ])('%s', (_what, change, expected) => {
    const text = change(rule({}).files?.['example.yml'] ?? '');
    expect(told({ files: { 'example.yml': text } })).toEqual([expected]);
  });

  it('a comma too many', () =>
    expect(told(rule({ when: 'min(1, 2,) > 1' }))).toEqual(['E100 a value was expected; there is a comma too many']));

  it.each([
    ['＞=', '>='],
    ['＝', '=='],
    ['！＝', '!='],
  ])('a sign of double width: %s', (wide, sign) =>
    expect(told(rule({ when: `ip.asn ${wide} 3` }))).toEqual([`E126 write '${sign}'`]),
  );

  it.each<[string, Change, string]>([
    [
      'a number in eights',
      rule({ points: '0o10' }),
      'E120 numbers are written like 3, 0.5 or 1e6; there is one number type',
    ],
    ['a time of ages', rule({ when: 'domain_age > 99999999999999999999d' }), 'E121 a duration has at most nine digits'],
    ['a word for true', rule({ points: 'yes' }), 'E101 a number was expected, such as 20'],
    [
      'half of a pair',
      rule({ when: `'email.domain == "\\ud800"'` }),
      'E123 one beyond U+FFFF is written with \\U and eight digits',
    ],
    [
      'a control character',
      rule({ owner: '"a\\u0007b"' }),
      'E012 an owner has no control characters, and this holds one',
    ],
    [
      'line ends of long ago',
      { files: { 'example.yml': 'rules:\r  - id: example\r    family: device\r' } },
      'E001 save the file with LF (Unix) line ends',
    ],
    [
      'a link that is the same as none',
      {
        files: {
          'ring/rings.yml': (rightFiles.get('ring/rings.yml') ?? '')
            .replace(/ {2}(?:card|template): .*\n/g, '')
            .replace('prefix: {', 'prefix: { same_as: zz,'),
        },
      },
      'E013 same_as names another link',
    ],
  ])('%s', (_what, change, expected) => expect(told(change)).toContain(expected));

  it('a rule that is rolled out to nobody does not count, and needs no tests yet', () => {
    const files = rule({}).files?.['example.yml'] ?? '';
    expect(told({ files: { 'example.yml': files.replace('mode: shadow', 'mode: { rollout: 0% }') } })).toEqual([]);
    expect(told({ files: { 'example.yml': files.replace('mode: shadow', 'mode: { rollout: 1% }') } })).toEqual([
      expect.stringMatching(/^W009 /),
    ]);
  });
});
