import { problem } from '../../src/model/problem.js';
import { err } from '../../src/model/result.js';
import type { RingDesk } from '../../src/ring-decisions/ring-desk.js';
import type { RingHubDesk } from '../../src/ring-decisions/ring-hub-desk.js';

const none = async () => err(problem('not_found'));

/** Nothing was ever decided, and no ring is known. */
export const noRingDesk: RingDesk = {
  tryOut: none,
  decide: none,
  confirm: none,
  undo: none,
  find: none,
  list: async () => [],
};

export const noRingHubs: RingHubDesk = { mark: none, unmark: none, list: async () => [] };
