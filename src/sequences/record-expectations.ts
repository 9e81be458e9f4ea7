import type { PlayedEvent, PlayedTest, StateChange } from './played-test.js';
import { stateAt } from './played-test.js';

interface Came {
  readonly first: number;
  last: number;
  readonly fired: readonly string[];
  readonly outcome: string;
  /** With its cause, where a decision was not the cause. */
  readonly state: string | undefined;
  least: number;
  most: number;
}

/** What came of the events, as lines of an `expect:`; events in a row that came to the same share one. */
export function recordExpectations(played: PlayedTest): readonly string[] {
  const all: Came[] = [];
  for (const [number, event] of [...played.events].sort(([a], [b]) => a - b)) {
    const came = cameOf(number, event, played);
    const before = all.at(-1);
    if (before === undefined || !isSame(before, came)) all.push(came);
    else {
      before.last = number;
      before.least = Math.min(before.least, came.least);
      before.most = Math.max(before.most, came.most);
    }
  }
  return all.map(lineOf);
}

function cameOf(number: number, event: PlayedEvent, played: PlayedTest): Came {
  const { decision, live } = event;
  const state = stateOf(stateAt(played, event.event.account.id, Number.POSITIVE_INFINITY));
  const { outcome, score } = decision;
  return { first: number, last: number, fired: [...live].sort(), outcome, state, least: score, most: score };
}

function stateOf(found: StateChange | undefined): string | undefined {
  if (found === undefined) return undefined;
  return found.cause === 'decision' ? `state: ${found.state}` : `state: ${found.state}, by: ${found.cause}`;
}

const isSame = (a: Came, b: Came): boolean =>
  b.first === a.last + 1 && a.outcome === b.outcome && a.state === b.state && a.fired.join() === b.fired.join();

function lineOf({ first, last, fired, outcome, state, least, most }: Came): string {
  const event = first === last ? `${first}` : `${first}-${last}`;
  const score = least === most ? `${least}` : `${least}-${most}`;
  const parts = [`event: ${event}`, `fired: [${fired.join(', ')}]`, `outcome: ${outcome}`, `score: ${score}`];
  return `- { ${[...parts, ...(state === undefined ? [] : [state])].join(', ')} }`;
}
