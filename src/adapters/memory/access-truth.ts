import type { AccessTruth, GateEntry, GateQuestion } from '../../gate/gate-store.js';
import type { MemoryTruth } from './memory-truth.js';

/** Access as the truth in memory has it. */
export class MemoryAccessTruth implements AccessTruth {
  constructor(private readonly truth: MemoryTruth) {}

  async entryOf({ accountId, apiKeyId }: GateQuestion): Promise<GateEntry | undefined> {
    const owner = apiKeyId === undefined ? accountId : this.truth.keyOwners.get(apiKeyId);
    if (owner === undefined || (accountId !== undefined && accountId !== owner)) return undefined;
    const account = this.truth.accounts.get(owner);
    if (account === undefined) return undefined;
    const { state, version, requestsPerDay } = account;
    const keys = [...this.truth.keyOwners].filter(([, account]) => account === owner);
    return {
      access: { accountId: owner, state, version, requestsPerDay: requestsPerDay ?? undefined },
      apiKeyIds: keys.map(([id]) => id).reverse(),
    };
  }
}
