import type { Instant } from '../model/time.js';

/** So many held accounts of a ring in cases of their own are one case: two may have met by chance. */
export const leastToGather = 3;

/** Port: rings whose held accounts wait in cases of their own. A ring that went into another is that other. */
export interface Gatherings {
  /**
   * Rings with at least `leastToGather` accounts that wait, or with any where the ring has an undecided case; the longest
   * waiting first. Not those whose gathering was taken back, nor those about which people's decision is under way.
   */
  due(limit: number): Promise<readonly string[]>;
  /** Held and not verified, each in a free case of its own (`isFree`): the longest waiting first. */
  waiting(ringId: string, limit: number): Promise<readonly string[]>;
  /** The undecided case of the whole ring: of its own name, else the newest. */
  caseOf(ringId: string): Promise<string | undefined>;
  /** The batch that notes whom it gathers, one for each ring: made under this id where there is none. */
  begin(ringId: string, made: { readonly batchId: string; readonly now: Instant }): Promise<string>;
}
