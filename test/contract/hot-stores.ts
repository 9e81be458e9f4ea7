import { expect, it } from '@jest/globals';
import type { AccountMemory, Memento, Remembered } from '../../src/evaluate/account-memory.js';
import type { EventLedger } from '../../src/evaluate/event-ledger.js';
import type { GateProjection } from '../../src/gate/gate-store.js';

let run = 0;
const fresh = (): string => `c${run++}`;
const day = 86_400_000;
const now = 20_000 * day + 1000;

async function recalled(memory: AccountMemory, account: string): Promise<Remembered> {
  const recall = await memory.recall(account);
  if (recall.kind !== 'remembered') throw new Error(recall.kind);
  return recall.remembered;
}

const mementos: readonly Memento[] = [
  { at: 1000, parts: { plan: 'free', email: { address: 'a@x.example' } }, signup: { at: 1000, ip: '203.0.113.7' } },
  { at: 3000, parts: { plan: 'paid', payment: { bin: '457173' } }, firstPaymentAt: 3000 },
  { at: 2000, parts: { plan: 'trial', phone: { number: '+15551234567' } }, firstPaymentAt: 2000, firstKeyAt: 2000 },
  { at: 4000, parts: {}, signup: { at: 4000, ip: '203.0.113.9' }, firstKeyAt: 4000, firstUseAt: 4000 },
];

export function accountMemoryContract(memory: () => AccountMemory): void {
  it('knows nothing of an account it never saw', async () => {
    expect(await memory().recall(fresh())).toEqual({ kind: 'nothing' });
  });

  it('lets the later part win and the first times stay, whatever the order of arrival', async () => {
    for (const order of [mementos, [...mementos].reverse(), [...mementos, ...mementos]]) {
      const account = fresh();
      for (const memento of order) await memory().remember(account, memento);
      expect(await recalled(memory(), account)).toEqual({
        parts: {
          plan: 'paid',
          email: { address: 'a@x.example' },
          payment: { bin: '457173' },
          phone: { number: '+15551234567' },
        },
        signup: { at: 1000, ip: '203.0.113.7' },
        firstPaymentAt: 2000,
        firstKeyAt: 2000,
        firstUseAt: 4000,
        firstSeenAt: 1000,
      });
    }
  });

  it('lets the one that came last win among events of one time', async () => {
    const account = fresh();
    const told = (address: string, plan?: string): Memento => ({
      at: 1000,
      parts: { email: { address }, ...(plan === undefined ? {} : { plan }) },
    });
    const told3 = [told('first@x.example'), told('second@x.example', 'paid'), told('third@x.example')];
    for (const [n, memento] of told3.entries()) {
      await memory().remember(account, memento);
      expect((await recalled(memory(), account)).parts.email).toEqual(told3[n]?.parts.email);
    }
    expect((await recalled(memory(), account)).parts.plan).toBe('paid');
  });

  it('keeps what people decided, and forgets all of it on demand', async () => {
    const account = fresh();
    const cleared = { clearedRules: ['payment-reused'], verified: true, evidence: { phone: 'k1.abc' } };
    await memory().clear(account, cleared);
    expect(await memory().recall(account)).toEqual({ kind: 'nothing' });
    expect(await memory().remember(account, { at: 1, parts: {} })).toBe(true);
    const expected = { parts: {}, firstSeenAt: 1, ...cleared };
    expect(await recalled(memory(), account)).toEqual(expected);
    await memory().forget(account);
    expect(await memory().recall(account)).toEqual({ kind: 'nothing' });
  });
}

export function eventLedgerContract(ledger: () => EventLedger): void {
  it('gives an event to one caller and tells the others what is going on', async () => {
    const event = fresh();
    const claims = await Promise.all(Array.from({ length: 8 }, () => ledger().claim(event, 'k1.h1')));
    expect(claims.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'in_flight')).toHaveLength(7);
    expect(await ledger().claim(event, 'k1.h2')).toEqual({ kind: 'mismatch' });
    await ledger().settle(event);
    await ledger().abandon(event);
    // With whatever body: the decision log compares it.
    expect(await ledger().claim(event, 'k1.h1')).toEqual({ kind: 'decided' });
    expect(await ledger().claim(event, 'k1.h2')).toEqual({ kind: 'decided' });
  });

  it('lets a retry go on after a refusal', async () => {
    const event = fresh();
    await ledger().claim(event, 'k1.h1');
    await ledger().abandon(event);
    expect(await ledger().claim(event, 'k1.h2')).toEqual({ kind: 'new' });
  });
}

export function gateProjectionContract(projection: () => GateProjection, clock: () => number = Date.now): void {
  const admitted = (accountId: string, version: number) =>
    ({ access: { accountId, state: 'admitted', version }, apiKeyIds: [`${accountId}key`] }) as const;

  it('knows what was published, by account, by key and by both', async () => {
    const accountId = fresh();
    const apiKeyId = `${accountId}key`;
    await projection().publish([admitted(accountId, 1)]);
    for (const question of [{ accountId }, { apiKeyId }, { accountId, apiKeyId }])
      expect(await projection().check(question, now)).toMatchObject({
        kind: 'known',
        access: { accountId, state: 'admitted', version: 1 },
        usedToday: 0,
      });
    expect(await projection().check({ accountId: fresh(), apiKeyId }, now)).toEqual({ kind: 'key_of_another_account' });
    expect(await projection().check({ accountId, apiKeyId: fresh() }, now)).toEqual({ kind: 'missing' });
    expect(await projection().check({ accountId: fresh() }, now)).toEqual({ kind: 'missing' });
  });

  it('knows accounts of any id, limited ones too, and takes none for another', async () => {
    const ids = ['}x', '}', '{', '{}x', 'a}b', 'a{b}', ':}x', 'x}:20000'].map((id) => `${id}${fresh()}`);
    const entries = ids.map((accountId, n) => ({
      access: { accountId, state: 'limited', version: n + 1, requestsPerDay: 50 } as const,
      apiKeyIds: [`}${accountId}`],
    }));
    await projection().publish(entries);
    for (const [n, accountId] of ids.entries()) {
      expect(await projection().check({ accountId }, now)).toMatchObject({ access: { version: n + 1 }, usedToday: 1 });
      const both = { accountId, apiKeyId: `}${accountId}` };
      expect(await projection().check(both, now)).toMatchObject({ access: { version: n + 1 }, usedToday: 2 });
    }
  });

  it('never lets an older version replace a newer one', async () => {
    const accountId = fresh();
    const held = { access: { accountId, state: 'held', version: 2 }, apiKeyIds: [] } as const;
    await projection().publish([held]);
    await projection().publish([admitted(accountId, 1)]);
    expect(await projection().check({ accountId }, now)).toMatchObject({ access: { state: 'held', version: 2 } });
    await projection().publish([admitted(accountId, 3)]);
    expect(await projection().check({ accountId }, now)).toMatchObject({ access: { state: 'admitted', version: 3 } });
  });

  it('counts a limited account by the day, each request once, whoever asks at the same time', async () => {
    const accountId = fresh();
    const access = { accountId, state: 'limited', version: 1, requestsPerDay: 50 } as const;
    await projection().publish([{ access, apiKeyIds: [] }]);
    const records = await Promise.all(Array.from({ length: 20 }, () => projection().check({ accountId }, now)));
    const used = records.map((record) => (record.kind === 'known' ? record.usedToday : 0)).sort((a, b) => a - b);
    expect(used).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await projection().check({ accountId }, now + day)).toMatchObject({ usedToday: 1, access });
  });

  it('neither tells nor counts what has not been confirmed since then', async () => {
    const accountId = fresh();
    const access = { accountId, state: 'limited', version: 1, requestsPerDay: 50 } as const;
    const before = clock();
    await projection().publish([{ access, apiKeyIds: [] }]);
    const after = clock();
    expect(await projection().check({ accountId }, now, after + 1)).toEqual({ kind: 'missing' });
    expect(await projection().check({ accountId }, now, before)).toMatchObject({ usedToday: 1, access });
  });
}
