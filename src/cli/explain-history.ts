import { DamagedFile, readLines } from '../adapters/files/read-lines.js';
import { signalPortsFor } from '../adapters/identity/signal-ports.js';
import { openReplay } from '../adapters/replay/open-replay.js';
import type { DecisionLog, StoredDecision } from '../decisions/decision-log.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { type ExplainedStored, explainThen } from '../evaluate/explain-stored.js';
import type { DatedEvent } from '../evaluate/recall-identifiers.js';
import type { Event } from '../model/event.js';
import { readEventLine, type TimedEvent } from '../replay/read-event-line.js';
import { replayEvents } from '../replay/replay-events.js';
import type { ReplayPorts } from '../replay/replay-ports.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { readToolConfig } from '../tool-config.js';
import { type Environment, openedWith, UsageError } from './command-arguments.js';
import type { Explained } from './explained.js';
import { outcomeText } from './explanation-text.js';
import { readEventText } from './given-or-event.js';

interface InHistory {
  readonly file: string;
  /** Events that happened before it, a line each. */
  readonly state: string;
  readonly rule: string | undefined;
  readonly rulesDir: string;
  /** Folder of IP data and lists instead of the usual ones. */
  readonly data: string | undefined;
  readonly environment: Environment;
}

/** An event after what happened before it: the whole pipeline in memory, then its decision explained. */
export async function explainInHistory(request: InHistory): Promise<Explained> {
  const { rulesDir, data, environment, file, state, rule } = request;
  const { dataDir, databasesDir } = readToolConfig(environment);
  const world = openedWith(await openReplay({ rulesDir, data, dataDir, databasesDir }));
  const asked = await readAsked(file);
  const ports = world.ports(() => undefined);
  const kept = new KeptDecision(ports.story.log, asked.event);
  const played = await play({ state, asked }, { ...ports, story: { ...ports.story, log: kept.log } });
  const { rules, outcome, evidence } = await explainKept(kept, ports.story, world.ruleSet);
  const lines = [
    `${asked.event.event_id}: ${asked.event.type}, after ${played} earlier events`,
    ...outcomeText(outcome),
  ];
  return {
    rules: rule === undefined ? rules : rules.filter(({ id }) => id === rule),
    json: { outcome, evidence, earlier_events: played },
    lines,
  };
}

async function readAsked(file: string): Promise<TimedEvent> {
  const read = readEventLine(await readEventText(file), 1, Date.now());
  if (read.ok) return read.value;
  const { pointer, detail } = read.error;
  throw new UsageError(`'${file}' is no event: ${pointer === '' ? '' : `${pointer}: `}${detail}`);
}

interface Played {
  readonly state: string;
  readonly asked: TimedEvent;
}

/** How many events came before the one that is asked about; it is the last. */
async function play({ state, asked }: Played, ports: ReplayPorts): Promise<number> {
  const { at, event } = asked;
  let line = 0;
  let earlier = 0;
  const isEarlier = (text: string): boolean => {
    line++;
    if (text.trim() === '') return false;
    const read = readEventLine(text, line, at);
    if (!read.ok) throw new UsageError(`${state}:${line}: ${read.error.pointer} ${read.error.detail}`);
    const isBefore = read.value.at <= at && read.value.event.event_id !== event.event_id;
    if (isBefore) earlier++;
    return isBefore;
  };
  async function* events() {
    for await (const block of readLines(state)) yield block.filter(isEarlier);
    yield [JSON.stringify({ ...event, occurred_at: new Date(at).toISOString() })];
  }
  // Everything up to the event is put in order, however late it stands in the file.
  await replayEvents({ events: events(), horizonMs: longestMs, onBadLine: () => true }, ports).catch(
    (failure: NodeJS.ErrnoException) => {
      throw failure instanceof UsageError || failure instanceof DamagedFile
        ? failure
        : new UsageError(`cannot read '${state}': ${failure.message}`);
    },
  );
  return earlier;
}

const longestMs = 10 * 365 * 86_400_000;

/** The decision of one event as it is committed, and the events of its account. */
class KeptDecision {
  stored: StoredDecision | undefined;
  readonly events: DatedEvent[] = [];
  readonly log: DecisionLog;

  constructor(log: DecisionLog, asked: Event) {
    this.log = {
      byId: (id) => log.byId(id),
      byEventId: (id) => log.byEventId(id),
      byAccount: (id, page) => log.byAccount(id, page),
      eventsOf: (id) => log.eventsOf(id),
      status: (id) => log.status(id),
      commit: async (record) => {
        const { inputs, bodyHash, draft, occurredAt } = record;
        const outcome = await log.commit(record);
        if (draft.account_id === asked.account.id)
          this.events.push({ event: JSON.parse(record.sealed), at: occurredAt });
        if (draft.event_id === asked.event_id && outcome.kind === 'committed')
          this.stored = { decision: outcome.decision, inputs, bodyHash };
        return outcome;
      },
    };
  }
}

async function explainKept(kept: KeptDecision, story: EvaluatorPorts, ruleSet: RuleSet): Promise<ExplainedStored> {
  const { stored, events } = kept;
  if (stored === undefined) throw new Error('the replay did not decide the event');
  const own = events.at(-1);
  const before = events.slice(0, -1);
  return explainThen(
    {
      stored,
      events: { own, before: () => before, others: () => before.toReversed() },
      ofThen: ruleSet,
      inUse: ruleSet,
    },
    {
      decisions: story.log,
      hashIdentifier: story.hashIdentifier,
      signals: signalPortsFor({ tables: undefined, databases: [] })(new Map()),
      showsIdentifiers: true,
    },
  );
}
