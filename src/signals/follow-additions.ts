import type { SignalPorts } from './signal-context.js';

/** Rises when lists that look-ups are made with have changed. */
interface ListsNumber {
  readonly signalsNumber: number;
}

/** Look-ups that are made again, as a whole, once their lists have changed: they remember what those said. */
export function followAdditions(lists: ListsNumber, make: () => SignalPorts): SignalPorts {
  let madeAt = lists.signalsNumber;
  let made = make();
  const latest = (): SignalPorts => {
    if (madeAt === lists.signalsNumber) return made;
    madeAt = lists.signalsNumber;
    made = make();
    return made;
  };
  const { userAgents, domains, phones, hash } = made;
  return {
    userAgents,
    domains,
    phones,
    hash,
    get ip() {
      return latest().ip;
    },
    get mail() {
      return latest().mail;
    },
  };
}
