import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBodyHash, isFormerBodyHash } from '../../../src/adapters/crypto/body-hash.js';
import { createEventSealer } from '../../../src/adapters/crypto/event-sealer.js';
import { combineHashes, createIdentifierHash } from '../../../src/adapters/crypto/identifier-hash.js';
import { pooledRandomBytes } from '../../../src/adapters/crypto/random-bytes.js';
import { createSealer } from '../../../src/adapters/crypto/sealer.js';

describe('sealing', () => {
  it('opens what it sealed, and nothing that was changed, cut or sealed with another secret', () => {
    const sealer = createSealer('one');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, place) => {
        const sealed = sealer.seal(text);
        expect(sealer.open(sealed)).toBe(text);
        const bytes = Buffer.from(sealed, 'base64url');
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ 1;
        expect(sealer.open(bytes.toString('base64url'))).toBeUndefined();
        expect(createSealer('two').open(sealed)).toBeUndefined();
      }),
    );
    for (const junk of ['', 'x', 'AAAA']) expect(sealer.open(junk)).toBeUndefined();
    expect(sealer.seal('same')).not.toBe(sealer.seal('same'));
  });

  it('opens an event only with its own salt', () => {
    const sealer = createEventSealer('one');
    const salt = sealer.newSalt();
    const sealed = sealer.seal(salt, '{"a":1}');
    expect(sealer.open(salt, sealed)).toBe('{"a":1}');
    expect(sealer.open(sealer.newSalt(), sealed)).toBeUndefined();
    expect(createSealer('one').open(sealed)).toBeUndefined();
  });
});

describe('identifier hashes', () => {
  it('meet for equal type and value only, and name their pepper', () => {
    const hash = createIdentifierHash({ kid: 'k1', secret: 's' });
    expect(hash('ip', '203.0.113.7')).toMatch(/^k1\.[A-Za-z0-9_-]{24}$/);
    expect(hash('ip', 'x')).toBe(hash('ip', 'x'));
    expect(hash('ip', 'x')).not.toBe(hash('card', 'x'));
    expect(hash('ip', 'x')).not.toBe(createIdentifierHash({ kid: 'k1', secret: 't' })('ip', 'x'));
  });

  it('are HMAC-SHA256, whatever the length of pepper and value', () => {
    const any = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), any, (secret, value) => {
        const whole = createHmac('sha256', secret).update(`email\0${value}`).digest('base64url');
        expect(createIdentifierHash({ kid: 'k1', secret })('email', value)).toBe(`k1.${whole.slice(0, 24)}`);
      }),
    );
  });
});

describe('the key of several identifiers', () => {
  const hash = createIdentifierHash({ kid: 'k1', secret: 's' });
  const keyOf = (...parts: readonly [type: string, value: string][]) =>
    combineHashes(parts.map(([type, value]) => hash(type, value)));

  it('is as long as one hash, names the pepper, and is the hash itself of a single one', () => {
    expect(keyOf(['card', 'x'], ['ip', 'y'], ['asn', 'z'])).toMatch(/^k1\.[A-Za-z0-9_-]{24}$/);
    expect(keyOf(['card', 'x'])).toBe(hash('card', 'x'));
  });

  it('changes with every part and with their order, in its first ten characters too', () => {
    const keys = new Set<string>();
    const values = Array.from({ length: 30 }, (_, n) => `value ${n}`);
    for (const a of values) {
      keys.add(keyOf(['card', a]).slice(0, 13));
      for (const b of values) {
        keys.add(keyOf(['card', a], ['ip', b]).slice(0, 13));
        keys.add(keyOf(['ip', b], ['card', a]).slice(0, 13));
        keys.add(keyOf(['card', a], ['ip', b], ['asn', a]).slice(0, 13));
      }
    }
    expect(keys.size).toBe(30 + 3 * 900);
    expect(keyOf(['card', 'x'], ['card', 'x'])).not.toBe(keyOf(['card', 'y'], ['card', 'y']));
  });
});

describe('random bytes from the pool', () => {
  it('are never given out twice, however many are asked for at once', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 2000; n++) seen.add(pooledRandomBytes(n % 2 === 0 ? 12 : 33).toString('hex'));
    expect(seen.size).toBe(2000);
    expect(pooledRandomBytes(20_000).length).toBe(20_000);
    expect(
      pooledRandomBytes(20_000)
        .subarray(-64)
        .every((byte) => byte === 0),
    ).toBe(false);
  });
});

describe('the hash of a body', () => {
  const body = '{"ip":"203.0.113.7"}';

  it('cannot be made without the pepper', () => {
    const guessed = createHash('sha256').update(body).digest('base64url');
    const { hash, former } = createBodyHash('one');
    expect(former(body)).toBe(guessed);
    expect(hash(body)).toMatch(/^k1\.[\w-]{43}$/);
    expect(hash(body)).not.toContain(guessed);
    expect(hash(body)).not.toBe(createBodyHash('two').hash(body));
    expect(hash(body)).not.toBe(hash(`${body} `));
  });

  it('can be made of what decisions kept before, without the body', () => {
    const { hash, former, ofFormer } = createBodyHash('one');
    expect(ofFormer(former(body))).toBe(hash(body));
    expect([former(body), hash(body), 'erased', ''].map(isFormerBodyHash)).toEqual([true, false, false, false]);
  });
});
