import type { BatchResult, RingOrder } from '../cases/access-batch.js';
import type { AccessState } from '../model/access.js';
import type { Problem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import type { BatchCounts } from './access-batches.js';
import { type DecideRing, lookAtRing, needsSecond } from './decide-ring.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { isClaimedByOther, ringOutcomeOf, stateAfter } from './ring-outcome.js';

/** What would become of one account. */
interface TriedAccount {
  readonly accountId: string;
  readonly from: AccessState;
  readonly to: AccessState;
  readonly result: BatchResult;
}

export interface TriedRing {
  readonly ringId: string;
  readonly accounts: number;
  readonly counts: BatchCounts;
  /** Changed ones first. */
  readonly examples: readonly TriedAccount[];
  readonly caseId: string | null;
  /** Somebody else is working on the ring's case: the decision would be refused. */
  readonly isCaseClaimed: boolean;
  readonly needsSecond: boolean;
}

const pageSize = 200;
const examplesShown = 50;

/** What deciding the ring would do, asked of the same rules; nothing is written. */
export async function tryRingDecision(
  command: DecideRing,
  ports: RingDecisionPorts,
): Promise<Result<TriedRing, Problem>> {
  const looked = await lookAtRing(command, ports);
  if (!looked.ok) return looked;
  const { ringId, accountIds, ringCase } = looked.value;
  const { decision, reason, label, exclude, actor } = command;
  const order: RingOrder = { decision, reason, label, exclude, actor, second: null, caseId: ringCase?.id ?? null };
  const ids = [...accountIds];
  const found: TriedAccount[] = [];
  for (let from = 0; from < ids.length; from += pageSize)
    found.push(...(await tryPage(ids.slice(from, from + pageSize), order, ports)));
  const counts: Partial<Record<BatchResult, number>> = {};
  for (const { result } of found) counts[result] = (counts[result] ?? 0) + 1;
  const isFirst = ({ result }: TriedAccount): number => Number(result !== 'changed');
  return ok({
    ringId,
    accounts: ids.length,
    counts,
    examples: mixed(found.sort((a, b) => isFirst(a) - isFirst(b))),
    caseId: order.caseId,
    isCaseClaimed: ringCase !== undefined && isClaimedByOther(ringCase, order, ports.clock.now()),
    needsSecond: needsSecond(decision, ids.length, ports),
  });
}

/** At least ten of those that are left alone, where there are as many. */
function mixed(found: readonly TriedAccount[]): readonly TriedAccount[] {
  const changed = found.filter(({ result }) => result === 'changed');
  const others = found.slice(changed.length);
  return [...changed.slice(0, Math.max(examplesShown - others.length, 40)), ...others].slice(0, examplesShown);
}

async function tryPage(
  accountIds: readonly string[],
  order: RingOrder,
  { records, policy, clock, eventNow }: RingDecisionPorts,
) {
  const [now, at] = [clock.now(), await eventNow()];
  const judging = { order, spare: policy().retroHold, caseId: order.caseId ?? undefined, now, at };
  return records.changeMany({ accountIds, ringCase: undefined }, ({ accounts }) => ({
    answer: accounts.map((one): TriedAccount => {
      const result = ringOutcomeOf(one, judging);
      const { accountId, state: from } = one.account;
      return { accountId, from, to: result === 'changed' ? stateAfter[order.decision] : from, result };
    }),
  }));
}
