import { describe, expect, it } from '@jest/globals';
import { hashEvidence } from '../../../src/http/hash-evidence.js';
import { readSignals } from '../../support/signal-readings.js';

const hashed = (kind: string, value: string) => {
  const result = hashEvidence({ [kind]: value }, (type, text) => `${type}:${text}`);
  return result.ok ? result.value[kind] : result.error.errors;
};

describe('evidence', () => {
  it.each(['johndoe@gmail.com', 'john.doe@gmail.com', 'JohnDoe+1@gmail.com', ' johndoe@googlemail.com'])(
    'names a mailbox as events do: %s',
    (address) => {
      expect(hashed('email', address)).toBe(
        `email.address:${readSignals({ event: { email: { address } } })['email.address']}`,
      );
      expect(hashed('email', address)).toBe('email.address:johndoe@gmail.com');
    },
  );

  it.each(['+447911123456', '+44 7911 123456', '+4407911123456', '+44 (0)7911-123.456'])(
    'names a phone as events do: %s',
    (number) => {
      expect(hashed('phone', number)).toBe('phone.number:+447911123456');
    },
  );

  it.each(['device', 'payment'])('names a %s as events do', (kind) => {
    expect(hashed(kind, '\tfp_\u200bAbC ')).toBe(`${kind}.fingerprint:fp_AbC`);
  });

  it('takes what is no address as it is, and no phone that is none', () => {
    expect(hashed('email', 'Reception Desk')).toBe('email.address:reception desk');
    expect(hashed('phone', '0791 1123456')).toMatchObject([{ pointer: '/evidence/phone' }]);
  });
});
