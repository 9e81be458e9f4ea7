import { type BudgetReading, type HoldBudget, readBudget } from '../evaluate/hold-budget.js';
import type { RuleLedger } from '../evaluate/rule-ledger.js';
import type { Policy } from '../model/policy.js';
import type { Clock } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';

interface BudgetWatchPorts {
  readonly ledger: RuleLedger;
  readonly held: HoldBudget;
  readonly policy: () => Policy;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'budgetHeldShare' | 'budgetHonestShare' | 'budgetLimit' | 'budgetExceeded'>;
  /** A message waits to be delivered. */
  readonly onChanged: () => void;
}

const everyMs = 30_000;

/** Looks whether more people are held than policy wants to pay for; any number of instances may. */
export const startBudgetWatch = (ports: BudgetWatchPorts): Loop =>
  startLoop({
    everyMs,
    work: async () => {
      await watchBudget(ports);
      return false;
    },
    onError: (error) => ports.log.warn({ error }, 'the budget could not be read; it will be tried again'),
  });

export async function watchBudget(ports: BudgetWatchPorts): Promise<BudgetReading> {
  const { metrics, log, clock } = ports;
  const reading = await readBudget(ports.policy(), { ...ports, now: clock.now() });
  metrics.budgetHeldShare.set(reading.heldShare);
  metrics.budgetHonestShare.set(reading.honestShare);
  metrics.budgetLimit.set(reading.limit);
  metrics.budgetExceeded.set(reading.exceeded ? 1 : 0);
  if (reading.exceeded && (await ports.held.alert(reading))) {
    log.error({ ...reading }, 'more accounts are held than the budget allows');
    ports.onChanged();
  }
  return reading;
}
