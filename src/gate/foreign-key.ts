import type { AccessTruth } from './gate-store.js';

/** An event that announced an API key. */
interface AnnouncedKey {
  readonly accountId: string;
  readonly apiKeyId: string;
}

/**
 * A key stays with the account that it was announced for first: were the latest announcement to count, whoever learns of
 * another account's key could take it over. The key of such an event is unknown at the gate with that account, for good.
 */
export const isForeignKey = async (announced: AnnouncedKey, truth: AccessTruth): Promise<boolean> =>
  (await truth.entryOf(announced)) === undefined;
