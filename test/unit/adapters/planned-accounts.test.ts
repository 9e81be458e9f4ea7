import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlannedAccounts } from '../../../src/adapters/memory/planned-accounts.js';

const looked = (accountId: string) => ({
  batchId: 'batch_1',
  accountId,
  result: 'held' as const,
  at: 0,
  from: null,
  version: null,
  caseId: null,
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('plan' as const), account: fc.nat(30), joinedAt: fc.nat(5) }),
  fc.record({ kind: fc.constant('look' as const), account: fc.nat(30) }),
  fc.record({ kind: fc.constant('ask' as const), limit: fc.nat(8) }),
);

describe('the accounts of a batch', () => {
  it('wait in the order of their joining, the last one first, however they are planned and looked at', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const planned = new PlannedAccounts();
        const waiting = new Map<string, number>();
        const done = new Set<string>();
        for (const one of steps) {
          if (one.kind === 'ask') {
            const inOrder = [...waiting].sort(([a, at], [b, other]) => other - at || (a < b ? -1 : 1));
            expect(planned.pending(one.limit)).toEqual(inOrder.slice(0, one.limit).map(([id]) => id));
            continue;
          }
          const accountId = `a${one.account}`;
          if (one.kind === 'look') {
            planned.put(looked(accountId));
            waiting.delete(accountId);
            done.add(accountId);
          } else {
            planned.plan({ accountId, joinedAt: one.joinedAt });
            if (!done.has(accountId) && !waiting.has(accountId)) waiting.set(accountId, one.joinedAt);
          }
        }
      }),
    );
  });
});
