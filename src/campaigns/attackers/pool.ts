import type { Arrival, Habits, PlannedAccount } from '../people/account.js';
import { accountId } from '../people/draw-person.js';
import type { Random } from '../random.js';
import { activity, always, spreadTimes } from '../rhythm.js';
import type { Style } from './draw-style.js';
import { cardsOf, exitsOf, machinesOf, mailOf } from './farm.js';
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
export function* poolArrivals(plan: PoolPlan, random: Random): Generator<Arrival> {
  const { style, campaign, name, ring } = plan;
  const farm = openFarm(plan, random.fork('farm'));
  const shape = shapes[style.time.rhythm](random.fork('rhythm'));
  const times = spreadTimes(plan.accounts, { from: plan.from, until: plan.until, shape }, random.fork('times'));
  const truth = { kind: 'fraud', campaign, tier: style.tier, pool: name, style: style.name, ring } as const;
  for (const [index, at] of times.entries()) {
    const own = random.fork(index);
    yield { at, planned: farm(own), random: own, truth };
  }
}

function openFarm(plan: PoolPlan, random: Random): (draw: Random) => PlannedAccount {
  const { style } = plan;
  const exit = exitsOf(style, random.fork('exits'));
  const machine = machinesOf(style, plan.from, random.fork('machines'));
  const card = cardsOf(style, random.fork('cards'));
  const mail = mailOf(style, random.fork('mail'));
  const phone = phonesOf(style, random.fork('phones'));
  const template = random.fill('h_~~~~~~~~');
  return (draw) => {
    const { country, address } = exit(draw);
    const device = machine({ country, address }, draw);
    const formMs = Math.round(draw.logNormal(style.time.formMs, style.time.formSpread));
    const mailbox = mail(draw);
    const habits = habitsOf(plan, template, draw);
    const later = exit;
    return {
      id: accountId(draw),
      account: {
        plan: draw.chance(0.7) ? 'api-paid' : 'api-free',
        path: draw.weighted(style.paths),
        declared_country: country.code,
      },
      email: mailbox === undefined ? undefined : { address: mailbox, verified: draw.chance(0.85) },
      phone: phone(draw),
      device: device === undefined ? undefined : { ...device.device, form_ms: formMs },
      userAgent: device?.userAgent ?? (draw.chance(0.5) ? 'python-requests/2.32.3' : undefined),
      acceptLanguage: device?.acceptLanguage,
      payment: card(draw),
      paysAtSignup: draw.chance(style.cards.atSignup),
      addressAt: (event) => (event.chance(0.6) ? address : later(event).address),
      habits,
    };
  };
}

function phonesOf(style: Style, random: Random): (draw: Random) => PlannedAccount['phone'] {
  const blocks = Array.from({ length: Math.max(1, style.phones.blocks) }, () => random.fill('+1%17%##'));
  return (draw) =>
    draw.chance(style.phones.share)
      ? { number: draw.fill(`${draw.pick(blocks)}####`), verified: draw.chance(0.9) }
      : undefined;
}

function habitsOf({ style, regime }: PoolPlan, template: string, draw: Random): Habits {
  const { perDay, days } = regimes[regime];
  const key = draw.logNormal(style.time.keyAfterMinutes * minuteMs, style.time.keySpread);
  return {
    payAfterMs: draw.logNormal(style.time.keyAfterMinutes * minuteMs * 0.5, style.time.keySpread),
    keysAfterMs: [key],
    useAfterMs: key + draw.logNormal(style.usage.useAfterMinutes * minuteMs, 0.4),
    exchangesPerDay: Math.max(1, Math.round(draw.logNormal(perDay, 0.15))),
    days: Math.max(0.2, draw.logNormal(days, 0.2)),
    rampH: style.usage.rampH,
    promptTemplate: draw.chance(style.usage.oneTemplate) ? template : draw.fill('h_~~~~~~~~'),
    topModelShare: Math.round(draw.between(0.93, 1) * 100) / 100,
    distinctIps: Math.max(1, Math.round(draw.logNormal(style.usage.distinctIps, 0.3))),
  };
}
