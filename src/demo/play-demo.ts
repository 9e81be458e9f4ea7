import type { Decision } from '../model/decision.js';
import { type DemoEvent, ordinarySignups, type PlantedRing, plantedRings } from './demo-events.js';

interface FoundRing {
  readonly id: string;
  readonly size: number;
  readonly held: number;
  readonly caseId: string | null;
}

/** A running service, as the demo sees it. */
export interface DemoService {
  evaluate(event: DemoEvent): Promise<Decision>;
  /** The ring of an account as it is known now; undefined while there is none. */
  ringOf(decision: Decision | undefined): Promise<FoundRing | undefined>;
}

interface DemoPorts {
  readonly service: DemoService;
  readonly say: (line: string) => void;
  /** Rejects, or resolves at once, when the demo is to end. */
  readonly pause: (ms: number) => Promise<void>;
  readonly isOver: () => boolean;
  /** Another one, other people: a demo can be played again on what an earlier one left. */
  readonly seed: string;
  /** Where a person sees it all, and with what key. */
  readonly lookAt: string;
}

const crowdSize = 40;
const betweenMembersMs = 250;
/** Earlier members are held, and their case is opened, a moment after the ring was found out; on a busy machine some more. */
const settlingMs = 2_500;
const mostLooks = 4;
const betweenVisitorsMs = 4_000;

/** Honest traffic and two planted rings, told in plain lines; then a visitor now and then until it is over. */
export async function playDemo(ports: DemoPorts): Promise<void> {
  const { say, seed, lookAt } = ports;
  await playCrowd(ports, `${seed} first`);
  for (const ring of plantedRings(seed)) {
    if (ports.isOver()) return;
    await playRing(ring, ports);
  }
  if (ports.isOver()) return;
  await playCrowd(ports, `${seed} second`);
  say('Demo: that was all; somebody signs up now and then until you stop it (Ctrl-C).');
  say(`  Look at it: ${lookAt}`);
  await playVisitors(ports);
}

/** What became of some signups: `38 admitted, 2 limited`. */
function countOutcomes(decisions: readonly Decision[]): string {
  const words = { allow: 'admitted', limit: 'limited', hold: 'held', deny: 'denied' } as const;
  return Object.entries(words)
    .map(([outcome, word]) => [decisions.filter((one) => one.outcome === outcome).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

async function playCrowd({ service, say, isOver }: DemoPorts, seed: string): Promise<void> {
  const decisions: Decision[] = [];
  for (const event of ordinarySignups(seed, crowdSize)) {
    if (isOver()) return;
    decisions.push(await service.evaluate(event));
  }
  say(`  ${decisions.length} people who have nothing to do with each other: ${countOutcomes(decisions)}.`);
}

async function playRing({ name, what, signups }: PlantedRing, ports: DemoPorts): Promise<void> {
  const { service, say, pause, isOver } = ports;
  say(`  A ring begins: ${name} (${what}, ${signups.length} accounts).`);
  const decisions: Decision[] = [];
  for (const event of signups) {
    if (isOver()) return;
    const isFound = decisions.some(({ outcome }) => outcome === 'hold');
    const decision = await service.evaluate(event);
    decisions.push(decision);
    if (!isFound && decision.outcome === 'hold')
      say(`    found out at its ${ordinal(decisions.length)} account: ${why(decision)}.`);
    await pause(betweenMembersMs);
  }
  const ring = await settledRing(decisions.at(-1), ports);
  if (ring === undefined) return say('    no ring was found');
  const earlier = decisions.slice(
    0,
    decisions.findIndex(({ outcome }) => outcome === 'hold'),
  );
  say(`    those before it: ${countOutcomes(earlier)} when they came; they are judged with their ring now.`);
  say(`    ${ring.id}: ${ring.size} accounts are linked, ${ring.held} of them held; one case for all: ${ring.caseId}`);
}

async function settledRing(
  last: Decision | undefined,
  { service, pause, isOver }: DemoPorts,
): Promise<FoundRing | undefined> {
  let ring: FoundRing | undefined;
  for (let look = 0; look < mostLooks && (ring?.caseId ?? null) === null && !isOver(); look++) {
    await pause(settlingMs);
    ring = await service.ringOf(last);
  }
  return ring;
}

const why = ({ reasons }: Decision): string =>
  reasons
    .slice(0, 2)
    .map(({ title }) => title)
    .join('; ');

const ordinal = (number: number): string => `${number}${['st', 'nd', 'rd'][number - 1] ?? 'th'}`;

async function playVisitors({ service, pause, isOver, seed }: DemoPorts): Promise<void> {
  for (let round = 1; !isOver(); round++)
    for (const event of ordinarySignups(`${seed} visitors ${round}`, crowdSize)) {
      await pause(betweenVisitorsMs);
      if (isOver()) return;
      await service.evaluate(event);
    }
}
