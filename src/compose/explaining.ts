import { setImmediate as nextTurn } from 'node:timers/promises';
import { signalPortsFor } from '../adapters/identity/signal-ports.js';
import type { Database } from '../adapters/postgres/database.js';
import { readFoundLater } from '../adapters/postgres/found-later.js';
import { SqlRuleSetArchive } from '../adapters/postgres/rule-set-archive.js';
import { tellRuleSetLoaded } from '../adapters/postgres/told-rule-set.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { createDecisionExplainer, type ExplainDecision } from '../evaluate/explain-decision.js';
import type { Logger } from '../telemetry/logger.js';
import { startRuleSetKeeper } from '../workers/rule-set-keeper.js';
import type { Rules } from './rules.js';

interface ExplainingOptions {
  /** The one that waits rather than failing. */
  readonly database: Database;
  readonly rules: Pick<Rules, 'onUse'>;
  readonly ports: Pick<EvaluatorPorts, 'log' | 'snapshot' | 'sealer' | 'hashIdentifier' | 'clock' | 'elapsed'>;
  readonly log: Logger;
}

/** Decisions told of later, and the rule sets that it takes. */
export interface Explaining {
  readonly explain: ExplainDecision;
  stop(): Promise<void>;
}

export function composeExplaining({ database, rules, ports, log }: ExplainingOptions): Explaining {
  const archive = new SqlRuleSetArchive(database);
  const keeper = startRuleSetKeeper({
    archive,
    clock: ports.clock,
    onError: (error) => log.warn({ error }, 'the rule set in use could not be kept yet'),
  });
  rules.onUse((set) => {
    keeper.inUse(set);
    tellRuleSetLoaded(database, set).catch((error: unknown) =>
      log.warn({ error }, 'a loaded rule set was not announced'),
    );
  });
  return {
    explain: createDecisionExplainer({
      decisions: ports.log,
      archive,
      foundLater: readFoundLater(database),
      snapshot: ports.snapshot,
      sealer: ports.sealer,
      hashIdentifier: ports.hashIdentifier,
      signals: signalPortsFor({ tables: undefined, databases: [] })(new Map()),
      pace: { elapsed: ports.elapsed, breathe: () => nextTurn(), sliceMs: 4 },
    }),
    stop: () => keeper.stop(),
  };
}
