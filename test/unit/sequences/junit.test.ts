import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type JUnitCase, junitXml } from '../../../src/sequences/junit.js';
import { parseXml } from '../../support/well-formed-xml.js';

const passed: JUnitCase = { name: 'one', group: 'rule-1', file: 'a.yml', line: 3, seconds: 0.0123 };
const failed: JUnitCase = {
  ...passed,
  name: 'two',
  line: 4,
  seconds: 1,
  failure: 'failed: two\n  expected <a> & "b", got \'c\'',
};

describe('a JUnit report', () => {
  it('has a suite for each file, with counts, times and what differed', () => {
    const root = parseXml(junitXml([passed, failed, { ...passed, file: 'tests/b.test.yml' }]));
    expect(root).toMatchObject({
      name: 'testsuites',
      attributes: {
        name: 'portcullis rules test',
        tests: '3',
        failures: '1',
        errors: '0',
        skipped: '0',
        time: '1.025',
      },
      children: [
        { name: 'testsuite', attributes: { name: 'a.yml', tests: '2', failures: '1' } },
        { name: 'testsuite', attributes: { name: 'tests/b.test.yml', tests: '1', failures: '0' } },
      ],
    });
    const [first, second] = root.children[0]?.children ?? [];
    expect(first).toMatchObject({
      name: 'testcase',
      attributes: { name: 'one', classname: 'rule-1', file: 'a.yml', line: '3', time: '0.012' },
      children: [],
    });
    expect(second?.children).toEqual([
      {
        name: 'failure',
        attributes: { type: 'difference', message: 'expected <a> & "b", got \'c\'' },
        children: [],
        text: failed.failure,
      },
    ]);
  });

  it('is well-formed whatever authors write', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const nasty = fc.oneof(
      text,
      fc.constantFrom(']]>', '\0', '\u001b[1m', '\ud800', '\ufffe', '<![CDATA[', '&amp;', '"\'<>&'),
    );
    const one = fc.record({ name: nasty, group: nasty, file: nasty, failure: fc.option(nasty, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), (cases) => {
        const root = parseXml(junitXml(cases.map((given) => ({ ...passed, ...given }))));
        expect(root.children.flatMap(({ children }) => children)).toHaveLength(cases.length);
      }),
      { numRuns: 300 },
    );
  });
});
