import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceFile } from '../../src/ruleset/yaml/source-file.js';
import { editedText } from '../../src/ruleset/yaml/text-edits.js';
import { expectationEdit } from '../../src/sequences/expectation-edit.js';
import { recordExpectations } from '../../src/sequences/record-expectations.js';
import { trySequences } from '../support/sequences.js';

const account = fc.constantFrom('a', 'b', 'c', 'd');
const card = fc.constantFrom('c1', 'c2', 'stolen-1');
const span = fc.constantFrom('0s', '30s', '20m', '3h', '40d');

const event = fc
  .record({
    repeat: fc.integer({ min: 1, max: 9 }),
    every: span,
    after: span,
    account,
    card,
    type: fc.constantFrom('signup', 'payment_method_added'),
    mail: fc.constantFrom('x{n}@gmail.com', 'y@own.example'),
  })
  .map(
    (one) =>
      `{ repeat: ${one.repeat}, every: ${one.every}, after: ${one.after}, type: ${one.type}, account.id: "${one.account}{n}", ip: "203.0.113.{n}", payment.fingerprint: ${one.card}, email.address: "${one.mail}" } # as it comes`,
  );
/** Accounts that the first event made. */
const late = fc
  .tuple(
    fc.constantFrom(
      'label: fraud',
      'label: honest',
      'verify: payment',
      'review: hold',
      'review: release',
      'review: deny',
    ),
    span,
  )
  .map(([what, after]) => `{ ${what}, account.id: a1, after: ${after} }`);
const steps = fc
  .tuple(fc.array(fc.oneof({ weight: 3, arbitrary: event }, late), { maxLength: 5 }))
  .map(([more]) => ['{ type: signup, account.id: a1, ip: 203.0.113.1, payment.fingerprint: c1 }', ...more]);
const before = fc.constantFrom(
  '',
  '    expect:\n      - { event: all, outcome: deny }\n',
  '    expect: [{ event: 1, score: 99 }]\n',
  '    expect:\n',
);

describe('recorded expectations', () => {
  it('pass at once, and leave the rest of the file as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(steps, before), { minLength: 1, maxLength: 3 }), async (tests) => {
        const text = `# kept\ntests:\n${tests
          .map(
            ([lines, expected], index) =>
              `  - name: test ${index} # kept\n    events:\n${lines.map((line) => `      - ${line}\n`).join('')}${expected}`,
          )
          .join('\n')}`;
        const { runs } = await trySequences(text);
        const edits = runs.map(({ test, played }) => expectationEdit(test, recordExpectations(played)));
        const found = edits.flatMap((edit) => edit ?? []);
        expect(found).toHaveLength(tests.length);
        const recorded = editedText(found[0]?.file ?? new SourceFile('', ''), found);
        const again = await trySequences(recorded);
        expect(again.runs.flatMap(({ report }) => report.diff?.events ?? [])).toEqual([]);
        const withoutExpectations = (written: string): string =>
          written
            .replace(/\n {4}expect:.*(\n {6}- \{ event.*)*/g, '')
            .replace(/\n+/g, '\n')
            .trim();
        expect(withoutExpectations(recorded)).toBe(withoutExpectations(text));
      }),
      { numRuns: 30 },
    );
  });
});
