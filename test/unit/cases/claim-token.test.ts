import { describe, expect, it } from '@jest/globals';
import { createClaimTokens } from '../../../src/cases/claim-token.js';

describe('a claim token', () => {
  const tokens = createClaimTokens('secret');

  it('tells the number of the claim it was issued for', () => {
    expect(tokens.read('case_1', tokens.issue('case_1', 7))).toBe(7);
  });

  it('is worth nothing for another case, under another secret, or with another number', () => {
    const token = tokens.issue('case_1', 7);
    expect(tokens.read('case_2', token)).toBeUndefined();
    expect(createClaimTokens('other').read('case_1', token)).toBeUndefined();
    expect(tokens.read('case_1', token.replace('.7.', '.8.'))).toBeUndefined();
    expect(tokens.read('case_1', `${token}x`)).toBeUndefined();
    expect(tokens.read('case_1', '')).toBeUndefined();
  });
});
