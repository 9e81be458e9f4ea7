import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callbackWindowMs, isSignedBy, signatureOf } from '../../../src/verification/callback-signature.js';
import { createVerificationLinks, linkMs } from '../../../src/verification/verification-link.js';

const now = Date.parse('2026-11-21T12:00:00Z');
const links = createVerificationLinks('a secret');

describe('a link', () => {
  it('opens the page of its account until its time is over, whatever the id is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }), (accountId) => {
        const { token, expiresAt } = links.issue(accountId, now);
        const known = Buffer.from(accountId).toString('utf8');
        expect(token).toMatch(/^[\w.-]+$/);
        expect(links.read(token, expiresAt - 1)).toBe(known);
        expect(links.read(token, expiresAt)).toBeUndefined();
      }),
    );
  });

  it('is nobody’s when one character was changed, or another secret made it', () => {
    const { token } = links.issue('acct_1', now);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019_-.'), (place, letter) => {
        const changed = token.slice(0, place) + letter + token.slice(place + 1);
        fc.pre(changed !== token);
        // The last letter of base64url may stand for the same bytes; the mark is compared as text all the same.
        expect(links.read(changed, now)).toBeUndefined();
      }),
    );
    expect(createVerificationLinks('another').read(token, now)).toBeUndefined();
    expect(links.read(`${token}.x`, now + linkMs / 2)).toBeUndefined();
  });

  it('has a key for its forms that no other link has', () => {
    const [one, other] = ['acct_1', 'acct_2'].map((id) => links.issue(id, now).token);
    expect(links.isFormKey(one ?? '', links.formKeyOf(one ?? ''))).toBe(true);
    expect(links.isFormKey(one ?? '', links.formKeyOf(other ?? ''))).toBe(false);
    expect(links.isFormKey(one ?? '', '')).toBe(false);
  });
});

describe('the signature of a callback', () => {
  const secret = `whsec_${Buffer.from('sixteen bytes ok').toString('base64')}`;
  const given = { id: 'msg_1', timestamp: String(now / 1000), text: '{"a":1}' };
  const signed = { ...given, signatures: `v1,AAAA ${signatureOf(secret, given)}` };

  it('fits its text, its id and its time, within five minutes', () => {
    expect(isSignedBy(secret, signed, now)).toBe(true);
    expect(isSignedBy(secret, signed, now + callbackWindowMs + 1)).toBe(false);
    expect(isSignedBy(secret, signed, now - callbackWindowMs - 1)).toBe(false);
    expect(isSignedBy(secret, { ...signed, text: '{"a":2}' }, now)).toBe(false);
    expect(isSignedBy(secret, { ...signed, id: 'msg_2' }, now)).toBe(false);
    expect(isSignedBy(secret, { ...signed, timestamp: '1e9' }, now)).toBe(false);
    expect(isSignedBy('another secret', signed, now)).toBe(false);
  });

  it('cannot be moved between id and time', () => {
    const sly = { id: 'msg.1', timestamp: given.timestamp, text: given.text };
    expect(isSignedBy(secret, { ...sly, signatures: signatureOf(secret, sly) }, now)).toBe(false);
  });
});
