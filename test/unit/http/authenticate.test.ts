import { describe, expect, it } from '@jest/globals';
import { createAuthenticate, secretOf } from '../../../src/http/authenticate.js';
import { MemoryServiceKeys } from '../../support/memory-service-keys.js';

async function fixture(bootstrapKey: string | undefined = 'bootstrap-secret') {
  const keys = new MemoryServiceKeys();
  const { secret, key } = await keys.create('gateway', 'edge', 'bootstrap');
  return { keys, secret, key, authenticate: createAuthenticate(keys, bootstrapKey) };
}

describe('createAuthenticate', () => {
  it('knows the bootstrap key without asking anyone', async () => {
    const { authenticate, keys } = await fixture();
    expect(await authenticate('bootstrap-secret')).toEqual({ keyId: 'bootstrap', role: 'admin' });
    expect(await authenticate('bootstrap-secre')).toBeUndefined();
    expect(keys.finds).toBe(0);
  });

  it('takes no empty bootstrap key', async () => {
    const { authenticate } = await fixture('');
    expect(await authenticate('')).toBeUndefined();
  });

  it('finds a key with its role until it is revoked', async () => {
    const { authenticate, keys, secret, key } = await fixture();
    expect(await authenticate(secret)).toEqual({ keyId: key.id, role: 'gateway' });
    await keys.revoke(key.id, 'bootstrap');
    expect(await authenticate(secret)).toBeUndefined();
  });

  it('asks nobody about what cannot be a key', async () => {
    const { authenticate, keys } = await fixture();
    for (const secret of ['', 'pk_', "pk_' or 1=1 --", 'x'.repeat(9000), `pk_${'x'.repeat(300)}`]) {
      expect(await authenticate(secret)).toBeUndefined();
    }
    expect(keys.finds).toBe(0);
  });

  it('rejects when the store cannot say', async () => {
    const { authenticate, keys, secret } = await fixture();
    keys.mode = 'down';
    await expect(authenticate(secret)).rejects.toThrow('refused');
  });
});

describe('secretOf', () => {
  it.each([
    [{ authorization: 'Bearer pk_a' }, 'pk_a'],
    [{ authorization: 'bearer   pk_a ' }, 'pk_a'],
    [{ authorization: 'Basic pk_a' }, undefined],
    [{ authorization: 'Bearer a b' }, undefined],
    [{ authorization: 'Bearer of-a-visitor', 'x-portcullis-key': 'pk_own' }, 'pk_own'],
    [{}, undefined],
  ])('%j is %s', (headers, secret) => expect(secretOf(headers)).toBe(secret));
});
