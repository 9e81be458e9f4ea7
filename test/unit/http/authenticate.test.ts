import { describe, expect, it } from '@jest/globals';
import { Authenticator, secretOf } from '../../../src/http/authenticate.js';
import { ManualClock } from '../../support/http-fixture.js';
import { MemoryServiceKeys } from '../../support/memory-service-keys.js';

async function fixture() {
  const clock = new ManualClock();
  const keys = new MemoryServiceKeys();
  const { secret, key } = await keys.create('gateway', 'edge');
  return { clock, keys, secret, key, authenticator: new Authenticator(keys, clock, 'bootstrap-secret') };
}

describe('Authenticator', () => {
  it('knows the bootstrap key without asking anyone', async () => {
    const { authenticator, keys } = await fixture();
    expect(await authenticator.find('bootstrap-secret')).toEqual({ keyId: 'bootstrap', role: 'admin' });
    expect(await authenticator.find('bootstrap-secre')).toBeUndefined();
    expect(keys.finds).toBe(0);
  });

  it('takes no empty bootstrap key', async () => {
    const { keys, clock } = await fixture();
    expect(await new Authenticator(keys, clock, '').find('')).toBeUndefined();
  });

  it('asks once in a while, not for every request', async () => {
    const { authenticator, keys, secret, key } = await fixture();
    for (let i = 0; i < 10; i++) expect(await authenticator.find(secret)).toEqual({ keyId: key.id, role: 'gateway' });
    expect(keys.finds).toBe(1);
  });

  it('refuses a key within five seconds of its revocation elsewhere, to all who come at once', async () => {
    const { authenticator, keys, clock, secret, key } = await fixture();
    await authenticator.find(secret);
    await keys.revoke(key.id);
    clock.at += 5_000;
    const found = await Promise.all([
      authenticator.find(secret),
      authenticator.find(secret),
      authenticator.find(secret),
    ]);
    expect(found).toEqual([undefined, undefined, undefined]);
  });

  it('finds a key that is made after it was tried', async () => {
    const { authenticator, keys } = await fixture();
    expect(await authenticator.find('pk_author_00000002')).toBeUndefined();
    const { secret } = await keys.create('author', 'ci');
    expect(await authenticator.find(secret)).toMatchObject({ role: 'author' });
  });

  it.each(['down', 'stalled'] as const)(
    'goes on with keys it knows while the store is %s, for ten minutes',
    async (mode) => {
      const { authenticator, keys, clock, secret } = await fixture();
      await authenticator.find(secret);
      keys.mode = mode;
      clock.at += 60_000;
      expect(await authenticator.find(secret)).toMatchObject({ role: 'gateway' });
      expect(await authenticator.find(secret)).toMatchObject({ role: 'gateway' });
      keys.mode = 'down';
      clock.at += 600_000;
      await expect(authenticator.find(secret)).rejects.toThrow('refused');
    },
  );

  it('forgets everything when told to', async () => {
    const { authenticator, keys, secret, key } = await fixture();
    await authenticator.find(secret);
    await keys.revoke(key.id);
    authenticator.forgetAll();
    expect(await authenticator.find(secret)).toBeUndefined();
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
