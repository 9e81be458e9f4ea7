import { openIpData } from '../adapters/files/ip-data.js';
import { signalPortsFor } from '../adapters/identity/signal-ports.js';
import { parseEvent } from '../model/parse-event.js';
import type { Slots } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { planSignals } from '../signals/write-signals.js';
import { readToolConfig } from '../tool-config.js';
import { complain, type Environment, UsageError } from './command-arguments.js';

/** Signals of one event by itself: nothing is remembered of its account, and every feature is absent. */
export async function signalSlots(body: unknown, ruleSet: RuleSet, environment: Environment): Promise<Slots> {
  const event = parseEvent(body);
  if (!event.ok) {
    const details = event.error.errors?.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`) ?? [];
    throw new UsageError(`this is no event: ${details.join('; ') || event.error.code}`);
  }
  const log = { info: () => undefined, warn: (_fields: object, message: string) => complain(message) };
  const tables = await openIpData({ dataDir: readToolConfig(environment).dataDir, log });
  const ports = signalPortsFor({ tables, databases: [] })(ruleSet.lists);
  const slots = ruleSet.newSlots();
  const { occurred_at: occurredAt } = event.value;
  const at = occurredAt === undefined ? Date.now() : Date.parse(occurredAt);
  const needed = ruleSet.names.map((name, slot) => ({ name, slot }));
  planSignals(needed).write({ event: event.value, remembered: undefined, at }, ports, slots);
  return slots;
}
