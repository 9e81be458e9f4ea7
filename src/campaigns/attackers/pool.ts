import type { Arrival, Habits, PlannedAccount } from '../people/account.js';
import { drawCompany } from '../people/draw-mail.js';
import { accountId } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity, always, spreadTimes } from '../rhythm.js';
import { usualPrograms } from '../world/programs.js';
import type { Style } from './draw-style.js';
import { cardsOf, exitsOf, gatewayOf, machinesOf, mailOf, marketsOf, phonesOf } from './farm.js';
import type { Rhythm } from './style.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** What a pool's accounts are for: emptied in a day or two, or used a little each day for weeks. */
export type Regime = 'burn' | 'pool';

/** 1,152 exchanges an account in both, as published: 857 a day for 1.34 days, 32 a day for 36. */
const regimes: Readonly<Record<Regime, { perDay: number; days: number }>> = {
  burn: { perDay: 857, days: 1.344 },
  pool: { perDay: 32, days: 36 },
};

/** Accounts that one operator opens with one style. */
export interface PoolPlan {
  readonly campaign: string;
  readonly name: string;
  readonly ring: string;
  readonly style: Style;
  readonly accounts: number;
  readonly from: number;
  readonly until: number;
  readonly regime: Regime;
  /** What it shares with the operator's other pools. */
  readonly carries: readonly FarmPart[];
  /** Accounts lie still until then, and are all used at once. */
  readonly wakeAt?: number;
}

const shapes: Readonly<Record<Rhythm, (random: Random) => (at: number) => number>> = {
  // A script runs for some minutes, pauses for hours, runs again.
  burst: (random) => {
    const [every, open] = [random.between(3, 9) * hourMs, random.between(0.1, 0.5)];
    return (at) => (at % every < every * open ? 2 : 0.02);
  },
  shifts: (random) => {
    const begin = random.int(24);
    return (at) => ((Math.floor(at / hourMs) - begin + 48) % 24 < 9 ? 2 : 0.05);
  },
  human: (random) => {
    const offset = random.whole(-8, 9);
    return (at) => activity(at, offset);
  },
  'around-the-clock': () => always,
};

/** The accounts of a pool in the order of their signups. */
export function* poolArrivals(plan: PoolPlan, operator: Random): Generator<Arrival> {
  const { style, campaign, name, ring } = plan;
  const random = operator.fork(plan.ring);
  const farm = openFarm(plan, operator);
  const shape = shapes[style.time.rhythm](random.fork('rhythm'));
  const times = spreadTimes(plan.accounts, { from: plan.from, until: plan.until, shape }, random.fork('times'));
  const truth = { kind: 'fraud', campaign, tier: style.tier, pool: name, style: style.name, ring } as const;
  for (const [index, at] of times.entries()) {
    const own = random.fork(index);
    yield { at, planned: farm(at, own), random: own, truth };
  }
}

/** Parts of a farm that a second pool may take over from the first. */
export type FarmPart = 'markets' | 'exits' | 'machines' | 'cards' | 'mail' | 'phones' | 'template' | 'gateway';

/** Where each part's random source comes from: the operator's, where it was taken over. */
function partsOf({ carries, ring }: PoolPlan, operator: Random): (part: FarmPart) => Random {
  return (part) => operator.fork(carries.includes(part) ? part : `${part} ${ring}`);
}

function openFarm(plan: PoolPlan, operator: Random): (at: number, draw: Random) => PlannedAccount {
  const { style } = plan;
  const source = partsOf(plan, operator);
  const farm = { style, markets: marketsOf(style, source('markets')) };
  const exitOf = exitsOf(farm, source('exits'));
  const machineOf = machinesOf(style, plan.from, source('machines'));
  const cardFor = cardsOf(farm, source('cards'));
  const mailFor = mailOf(style, source('mail'));
  const phone = phonesOf(farm, source('phones'));
  const template = source('template').fill('h_~~~~~~~~');
  const gateway = gatewayOf(source('gateway'));
  return (at, draw) => {
    const exit = exitOf(draw);
    const machine = machineOf(exit, draw);
    const address = mailFor(exit, draw);
    const number = phone(draw);
    const path = draw.weighted(style.paths);
    const formMs = Math.round(draw.logNormal(style.time.formMs, style.time.formSpread));
    return {
      id: accountId(draw),
      account: {
        ...(path === 'startup' || path === 'research' ? { organization: drawCompany(exit.country, draw).name } : {}),
        plan: draw.chance(0.7) ? 'api-paid' : 'api-free',
        path,
        declared_country: exit.country.code,
      },
      email: address === undefined ? undefined : { address, verified: draw.chance(0.85) },
      phone: number === undefined ? undefined : { number, verified: draw.chance(0.9) },
      device: machine === undefined ? undefined : { ...machine.device, form_ms: formMs },
      userAgent: machine?.userAgent ?? (draw.chance(0.5) ? 'python-requests/2.32.3' : undefined),
      acceptLanguage: machine?.acceptLanguage,
      payment: cardFor(exit, draw),
      paysAtSignup: draw.chance(style.cards.atSignup),
      addressAt: (event) => (event.chance(0.6) ? exit.address : exitOf(event).address),
      habits: habitsOf(plan, { template, gateway, at }, draw),
    };
  };
}

interface Use {
  readonly template: string;
  readonly gateway: ReturnType<typeof gatewayOf>;
  /** The signup. */
  readonly at: number;
}

function habitsOf({ style, regime, wakeAt }: PoolPlan, { template, gateway, at }: Use, draw: Random): Habits {
  const { perDay, days } = regimes[regime];
  const key = draw.logNormal(style.time.keyAfterMinutes * minuteMs, style.time.keySpread);
  const asleep = wakeAt === undefined ? 0 : Math.max(0, wakeAt - at);
  const viaGateway = draw.chance(style.usage.gateway);
  return {
    payAfterMs: draw.logNormal(style.time.keyAfterMinutes * minuteMs * 0.5, style.time.keySpread),
    keysAfterMs: [key],
    useAfterMs: asleep + key + draw.logNormal(style.usage.useAfterMinutes * minuteMs, 0.4),
    exchangesPerDay: Math.max(1, Math.round(draw.logNormal(perDay, 0.15))),
    days: Math.max(0.2, draw.logNormal(days, 0.2)),
    rampH: style.usage.rampH,
    promptTemplate: draw.chance(style.usage.oneTemplate) ? template : draw.fill('h_~~~~~~~~'),
    topModelShare: Math.round(draw.between(0.93, 1) * 100) / 100,
    distinctIps: Math.max(1, Math.round(draw.logNormal(style.usage.distinctIps, 0.3))),
    programAt: viaGateway ? gateway.addressAt : undefined,
    programJa4: viaGateway ? gateway.ja4 : draw.weighted(usualPrograms),
  };
}
