import type { DecisionLog } from '../decisions/decision-log.js';
import type { Slots } from '../model/value.js';
import type { ReplayPorts } from '../replay/replay-ports.js';

/** Shows what each event's rules had before them, in the order of the events; nothing else changes. */
export function watchReplay(ports: ReplayPorts, onEvent: (eventId: string, slots: Slots) => void): ReplayPorts {
  const { story } = ports;
  const snapshot = story.snapshot();
  const { ruleSet } = snapshot;
  let judged: Slots = [];
  const watched = {
    ...snapshot,
    ruleSet: {
      ...ruleSet,
      judge: (...given: Parameters<typeof ruleSet.judge>) => {
        judged = given[1];
        return ruleSet.judge(...given);
      },
    },
  };
  const { log } = story;
  // A commit follows its own judging; whoever is judged again is not committed.
  const telling: DecisionLog = {
    commit(record) {
      onEvent(record.draft.event_id, judged);
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
