import type { Event } from '../model/event.js';
import type { AccountMemory, Recall, Remembered } from './account-memory.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { mementoOf, remember } from './memento.js';
import { openEvent } from './open-event.js';

/** What is rebuilt is written into the memory, where there is one: whoever only reads brings none. */
interface RecallPorts extends Pick<EvaluatorPorts, 'log' | 'sealer'> {
  readonly memory?: Pick<AccountMemory, 'remember' | 'clear'> | undefined;
}

export const withoutWriting = ({ log, sealer }: EvaluatorPorts): RecallPorts => ({ log, sealer });

/**
 * The account as its earlier events left it: from the memory, or rebuilt from the log when the memory holds nothing (it
 * was wiped, or its lifetime is over) or cannot be asked. A signup without a memory is taken for a new account: no
 * rebuilding. What was cleared for it is asked for where it matters (`assessKnown`).
 */
export async function rememberedAccount(
  event: Event,
  recall: Recall,
  ports: RecallPorts,
): Promise<Remembered | undefined> {
  return isTakenForNew(event, recall) ? undefined : knownAccount(event.account.id, recall, ports);
}

/** As nearly every signup is; another one of an account whose memory is gone looks the same. */
export const isTakenForNew = (event: Event, recall: Recall): boolean =>
  recall.kind === 'nothing' && event.type === 'signup';

/** The same for an account of which there has been an event: nothing takes it for a new one. */
export async function knownAccount(
  accountId: string,
  recall: Recall,
  ports: RecallPorts,
): Promise<Remembered | undefined> {
  return recall.kind === 'remembered' ? recall.remembered : rebuild(accountId, ports);
}

async function rebuild(accountId: string, { log, memory, sealer }: RecallPorts): Promise<Remembered | undefined> {
  const [status, events] = await Promise.all([log.status(accountId), log.eventsOf(accountId)]);
  if (status === undefined) return undefined;
  const mementos = events.flatMap((one) => {
    const event = openEvent(one, sealer);
    return event === undefined ? [] : [mementoOf(event, one.occurredAt)];
  });
  // Not awaited: the next event of this account finds it, this one already has it.
  for (const memento of mementos) void memory?.remember(accountId, memento);
  const { verified, clearedRules, evidence } = status;
  // Evidence comes with a verification, and that clears.
  if (verified || clearedRules.length > 0 || Object.keys(evidence).length > 0)
    void memory?.clear(accountId, { clearedRules, verified, evidence });
  return { ...(remember(mementos) ?? { parts: {} }), verified, clearedRules, evidence };
}
