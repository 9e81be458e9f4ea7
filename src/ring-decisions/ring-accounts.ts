import type { RingDecisionPorts } from './ring-decision-ports.js';
import { memberPages } from './ring-members.js';

const accountsAtOnce = 1000;

/**
 * Whom a decision about a ring can reach: who is in the ring now, and who waits in its case. A ring that has shrunk since, or
 * is no ring any more, still has all the accounts of its case.
 */
export async function accountsOfRing(
  ringId: string,
  caseId: string | null,
  { members, records }: Pick<RingDecisionPorts, 'members' | 'records'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const page of memberPages(members, ringId)) for (const { accountId } of page) found.add(accountId);
  if (caseId === null) return found;
  let after: string | undefined;
  for (;;) {
    const page: readonly string[] = await records.membersLeft(caseId, 'current', { limit: accountsAtOnce, after });
    for (const accountId of page) found.add(accountId);
    if (page.length < accountsAtOnce) return found;
    after = page.at(-1);
  }
}
