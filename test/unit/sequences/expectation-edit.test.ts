import { describe, expect, it } from '@jest/globals';
import { SourceFile } from '../../../src/ruleset/yaml/source-file.js';
import { editedText, fileDiff } from '../../../src/ruleset/yaml/text-edits.js';
import { expectationEdit } from '../../../src/sequences/expectation-edit.js';
import { readTestFiles } from '../../../src/sequences/read-test-files.js';

const edited = (text: string) => {
  const { tests } = readTestFiles(new Map([['tests/a.test.yml', text]]), undefined);
  const edits = tests.flatMap((test) => expectationEdit(test, ['- { event: 1, outcome: allow }']) ?? []);
  const file = tests[0]?.at.file ?? new SourceFile('', '');
  return { text: editedText(file, edits), diff: fileDiff(file, edits), count: edits.length };
};
const event = '- { type: signup, account.id: a, ip: 203.0.113.4 } # comment';

describe('an expectation that is recorded', () => {
  it('comes after the last value of the test, whatever follows', () => {
    const text = `name: one\nevents:\n  ${event}\n# the end\n`;
    expect(edited(text).text).toBe(
      `name: one\nevents:\n  ${event}\nexpect:\n  - { event: 1, outcome: allow }\n# the end\n`,
    );
  });

  it('takes the place of what was expected', () => {
    const text = `expect: # old\n  - { event: 1, outcome: deny }\n  - { event: 1, score: 4 }\n\n# between\nname: one\nevents:\n  ${event}\n`;
    expect(edited(text).text).toBe(
      `expect:\n  - { event: 1, outcome: allow }\n\n# between\nname: one\nevents:\n  ${event}\n`,
    );
  });

  it('stands as far in as the keys of its test', () => {
    const text = `tests:\n  - name: one\n    events:\n      ${event}\n\n  -   name: two\n      events: [{ type: signup, account.id: a, ip: 203.0.113.4 }]`;
    expect(edited(text)).toEqual({
      count: 2,
      text: `tests:\n  - name: one\n    events:\n      ${event}\n    expect:\n      - { event: 1, outcome: allow }\n\n  -   name: two\n      events: [{ type: signup, account.id: a, ip: 203.0.113.4 }]\n      expect:\n        - { event: 1, outcome: allow }`,
      diff: [
        '--- tests/a.test.yml',
        '+++ tests/a.test.yml',
        '@@ -4,0 +5,2 @@',
        '+    expect:',
        '+      - { event: 1, outcome: allow }',
        '@@ -7,0 +10,2 @@',
        '+      expect:',
        '+        - { event: 1, outcome: allow }',
        '',
      ].join('\n'),
    });
  });

  it('has no place in a test of one line', () => {
    const text = `tests: [{ name: one, events: [{ type: signup, account.id: a, ip: 203.0.113.4 }] }]\n`;
    expect(edited(text).count).toBe(0);
  });
});
