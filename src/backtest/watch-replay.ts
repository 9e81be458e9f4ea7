import type { DecisionLog, DecisionRecord } from '../decisions/decision-log.js';
import type { Slots } from '../model/value.js';
import type { ReplayPorts } from '../replay/replay-ports.js';
import type { Judgement } from '../ruleset/rule-set.js';

/** What the rules of an event had before them, and what they said. */
interface Judged {
  readonly slots: Slots;
  readonly findings: Judgement;
}

/** Shows what the rules saw and said of each event, in the order of the events; nothing else changes. */
export function watchReplay(
  ports: ReplayPorts,
  onEvent: (record: DecisionRecord, judged: Judged) => void,
): ReplayPorts {
  const { story } = ports;
  const snapshot = story.snapshot();
  const { ruleSet } = snapshot;
  let judged: Judged = { slots: [], findings: { hits: [], shadowHits: [] } };
  const watched = {
    ...snapshot,
    ruleSet: {
      ...ruleSet,
      judge: (...given: Parameters<typeof ruleSet.judge>) => {
        judged = { slots: given[1], findings: ruleSet.judge(...given) };
        return judged.findings;
      },
    },
  };
  const { log } = story;
  // A commit follows its own judging; whoever is judged again is not committed.
  const telling: DecisionLog = {
    commit(record) {
      onEvent(record, judged);
      return log.commit(record);
    },
    byId: (id) => log.byId(id),
    byEventId: (id) => log.byEventId(id),
    byAccount: (id, page) => log.byAccount(id, page),
    eventsOf: (id) => log.eventsOf(id),
    status: (id) => log.status(id),
  };
  return { ...ports, story: { ...story, snapshot: () => watched, log: telling } };
}
