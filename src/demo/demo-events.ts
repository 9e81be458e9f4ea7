import { crowds } from '../campaigns/crowds/registry.js';
import { generateCampaign } from '../campaigns/generate-campaign.js';
import type { Event } from '../model/event.js';

/** An event to be sent now: the service says when it happened. */
export type DemoEvent = Omit<Event, 'occurred_at'>;

const onlyOrdinary = Object.fromEntries(crowds.map(({ name }) => [name, name === 'ordinary' ? 1 : 0]));

/** Signups of made-up people who have nothing to do with each other; another seed, other people. */
export function ordinarySignups(seed: string, count: number): readonly DemoEvent[] {
  const moments = generateCampaign({
    seed,
    start: 0,
    days: 1,
    honest: count,
    accounts: 0,
    tier: 'T1',
    scenario: 'single',
    regime: 'burn',
    attackFromD: 0,
    attackDays: 0,
    crowds: onlyOrdinary,
    usageDays: 0,
    knownExits: 0,
    adapted: [],
  });
  const events: DemoEvent[] = [];
  for (const { event } of moments) {
    if (event?.type !== 'signup') continue;
    const { occurred_at: _then, ...now } = event;
    events.push(now);
  }
  return events;
}

export interface PlantedRing {
  readonly name: string;
  readonly what: string;
  readonly signups: readonly DemoEvent[];
}

const ringSize = 12;

/** The generator gives about as many as it is asked for. */
const members = (seed: string): readonly DemoEvent[] => ordinarySignups(seed, 4 * ringSize).slice(0, ringSize);

/** Of the numbers that belong to nobody. */
const phoneOf = (seed: string): string => {
  const sum = [...seed].reduce((all, letter) => (all * 31 + letter.charCodeAt(0)) % 100, 7);
  return `+150055501${String(sum).padStart(2, '0')}`;
};

/**
 * On the machine of one of them, which looks the same to everybody: browser, screen, clock and languages. Not on an iPhone:
 * those of strangers look the same, too, so that rules join nobody by one.
 */
function onOneMachine(signups: readonly DemoEvent[], fingerprint: string): DemoEvent[] {
  const owner = signups.find(({ user_agent: agent = '' }) => !agent.includes('iPhone'));
  return signups.map((event) => ({
    ...event,
    user_agent: owner?.user_agent,
    accept_language: owner?.accept_language,
    device: { ...owner?.device, fingerprint, confidence: 0.95 },
  }));
}

/** Two rings: people who look as different as any others, but for what they pay to have many of. */
export function plantedRings(seed: string): readonly PlantedRing[] {
  const card = {
    fingerprint: `pm_demo_${seed}`,
    bin: '45717360',
    brand: 'visa',
    funding: 'prepaid',
    country: 'US',
  } as const;
  return [
    {
      name: 'a card and a device that go round',
      what: 'one prepaid card and one device',
      signups: onOneMachine(members(`${seed} ring one`), `fp_demo_${seed}_1`).map((event) => ({
        ...event,
        payment: card,
      })),
    },
    {
      name: 'a phone that verifies many',
      what: 'one phone number and one device',
      signups: onOneMachine(members(`${seed} ring two`), `fp_demo_${seed}_2`).map((event) => ({
        ...event,
        phone: { number: phoneOf(seed), verified: true },
      })),
    },
  ];
}
