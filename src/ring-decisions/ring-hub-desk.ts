import type { IdPrefix } from '../model/ids.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Clock } from '../model/time.js';
import type { RingHubMark, RingHubMarks } from '../rings/ring-hub-marks.js';
import { sharedKeys } from '../rings/ring-picture.js';
import type { RingRecords } from '../rings/ring-records.js';

interface MarkHub {
  readonly ringId: string;
  /** As the graph of the ring names it, or the whole of it. */
  readonly key: string;
  readonly actor: string;
}

/** What people say about the keys that a ring shares. */
export interface RingHubDesk {
  mark(command: MarkHub & { readonly reason: string }): Promise<Result<RingHubMark, Problem>>;
  unmark(command: MarkHub): Promise<Result<RingHubMark, Problem>>;
  list(ringId: string): Promise<readonly RingHubMark[]>;
}

interface RingHubPorts {
  readonly rings: Pick<RingRecords, 'get' | 'members' | 'keyUses'>;
  readonly marks: RingHubMarks;
  readonly clock: Clock;
  readonly newId: (prefix: IdPrefix) => string;
}

/** As many members as the statistics of what they share look at. */
const membersCompared = 1000;

export const createRingHubDesk = (ports: RingHubPorts): RingHubDesk => ({
  mark: (command) => markHub(command, ports),
  unmark: (command) => unmarkHub(command, ports),
  list: (ringId) => ports.marks.ofRing(ringId),
});

async function markHub(
  { ringId, key, actor, reason }: MarkHub & { readonly reason: string },
  { rings, marks, clock, newId }: RingHubPorts,
): Promise<Result<RingHubMark, Problem>> {
  const ring = await rings.get(ringId);
  if (ring === undefined) return err(problem('not_found'));
  const members = await rings.members(ring.id, membersCompared);
  const shared = sharedKeys(await rings.keyUses(members.map(({ accountId }) => accountId)));
  const found = shared.filter(({ digest }) => digest.startsWith(key));
  const [only] = found;
  if (only === undefined || found.length > 1)
    return err(problem('invalid', { errors: [{ pointer: '/key', detail: 'names no key that the ring shares' }] }));
  const mark: RingHubMark = {
    id: newId('hub'),
    ringId: ring.id,
    link: only.link,
    key: only.digest,
    reason,
    actor,
    at: clock.now(),
    removedBy: null,
    removedAt: null,
  };
  return (await marks.mark(mark)) ? ok(mark) : err(problem('conflict', { detail: 'the key is marked already' }));
}

async function unmarkHub(
  { ringId, key, actor }: MarkHub,
  { marks, clock }: RingHubPorts,
): Promise<Result<RingHubMark, Problem>> {
  const standing = (await marks.ofRing(ringId)).filter((one) => one.removedAt === null && one.key.startsWith(key));
  const [only] = standing;
  if (only === undefined || standing.length > 1) return err(problem('not_found'));
  const removed = await marks.remove({ ringId: only.ringId, key: only.key, actor, at: clock.now() });
  return removed === undefined ? err(problem('not_found')) : ok(removed);
}
