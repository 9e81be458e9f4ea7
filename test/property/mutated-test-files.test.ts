import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTests, trySequences } from '../support/sequences.js';

const story = (name: string): string =>
  readFileSync(join(process.cwd(), 'docs/examples/testing-rules/tests', name), 'utf8');
const texts = [story('cards.test.yml'), story('crowds.test.yml')].map((text) =>
  text
    .replaceAll('payment-many-accounts', 'payment-many')
    .replaceAll('velocity-mail-burst', 'velocity-template-burst')
    .replaceAll('mail_burst', 'template_burst'),
);

const inserted = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ':',
  ', ',
  '- ',
  '"',
  "'",
  '\n',
  '  ',
  '#',
  '{n}',
  '1',
  '-1',
  'null',
  '~',
  '!',
  '&a ',
  '*a',
  '\t',
  '|',
  '0',
  '9e99',
  '\u0000',
  'é',
);
const mutation = fc.record({ at: fc.nat(3000), cut: fc.nat(12), put: fc.oneof(inserted, fc.constant('')) });

const mutate = (text: string, mutations: readonly { at: number; cut: number; put: string }[]): string =>
  mutations.reduce((now, { at, cut, put }) => {
    const place = at % (now.length + 1);
    return now.slice(0, place) + put + now.slice(place + cut);
  }, text);

describe('files of tests that are being written', () => {
  it('are read without a throw, and what is wrong with them has a place in them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
        const mutated = mutate(text, mutations);
        const lines = mutated.split('\n').length;
        for (const { line, column, end_column, message } of readTests(mutated).errors) {
          expect(line >= 1 && line <= lines && column >= 1 && end_column > column).toBe(true);
          expect(message).not.toMatch(/undefined|NaN|\[object/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('can be played whenever nothing is wrong with them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(mutation, { minLength: 1, maxLength: 2 }),
        async (text, mutations) => {
          const mutated = mutate(text, mutations);
          if (readTests(mutated).errors.length > 0) return;
          const { runs } = await trySequences(mutated);
          // What the service would refuse as well is all that may be impossible.
          const impossible = runs.flatMap(({ played }) => played.problems).map(({ message }) => message);
          expect(impossible.filter((message) => !/refused: |and another body/.test(message))).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });
});
