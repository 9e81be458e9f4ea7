import type { Label } from '../model/label.js';
import type { RuleHit } from '../model/rule.js';

/** One account with a label, as its weightiest decision saw it. */
export interface Observation {
  readonly accountId: string;
  /** Accounts that were in one ring in the end stand together: on one side of the split, and without drowning out the rest. */
  readonly group: string;
  readonly label: Label;
  /** Live hits with the points that the rules give today. */
  readonly hits: readonly RuleHit[];
  /** What the account can be told apart by when it is asked who pays: `account.path` to `education`. */
  readonly traits: ReadonlyMap<string, string>;
}

interface Split {
  readonly training: readonly Observation[];
  readonly heldOut: readonly Observation[];
}

const heldOutShare = 0.3;

/** The same group is always on the same side, whatever else the file holds. */
export function splitByGroup(observations: readonly Observation[]): Split {
  const training: Observation[] = [];
  const heldOut: Observation[] = [];
  for (const one of observations) (share(one.group) < heldOutShare ? heldOut : training).push(one);
  return { training, heldOut };
}

/** FNV-1a with a last mix, as a fraction of one. */
function share(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
