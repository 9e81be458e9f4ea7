import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { looksGenerated, shapeOf } from '../../src/signals/local-part.js';

/** The same by regular expressions alone, for every script alike. */
const plainShape = (local: string): string =>
  local.slice(0, 64).replace(/\p{L}+|\p{N}+/gu, (run) => `${/^\p{N}/u.test(run) ? 'd' : 'l'}${[...run].length}`);

function plainGenerated(local: string): boolean {
  const bare = local.replace(/\+.*$/, '').replace(/[^\p{L}\p{N}]/gu, '');
  if (bare.length < 7) return false;
  const changes = bare.match(/\p{L}(?=\p{N})|\p{N}(?=\p{L})/gu)?.length ?? 0;
  if (changes >= 4) return true;
  if (/^[0-9a-f]{12,}$/.test(bare) && changes >= 2) return true;
  const letters = bare.replace(/[^a-z]/g, '');
  if (letters.length < 7) return false;
  return !/[aeiouy]/.test(letters) || /[bcdfghjklmnpqrstvwxz]{7}/.test(bare);
}

const alphabets = ['ab19.+_-', 'bcdfxz', '0123456789abcdef', 'aZ4+\n', 'é²李.a1'];
const locals = fc.oneof(
  fc.string({ unit: 'binary' }),
  ...alphabets.map((letters) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 80 })),
);

describe('the local part of an address', () => {
  it('has the shape and the look that regular expressions find in it, in ASCII and beyond', () => {
    fc.assert(
      fc.property(locals, (local) => {
        expect(shapeOf(local)).toBe(plainShape(local));
        expect(looksGenerated(local)).toBe(plainGenerated(local));
      }),
      { numRuns: 3000 },
    );
  });
});
