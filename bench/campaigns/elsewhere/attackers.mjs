import { model } from '../machines.mjs';
import { cardOf, machineOf } from './people.mjs';
import { manners } from './world.mjs';

const hour = 3_600_000;

/** Ranges of what a crew rents and buys; a seed draws from them. */
const crews = {
  reported: {
    models: [3, 30],
    perDevice: [1, 12],
    bins: [1, 8],
    perCard: [1, 6],
    free: [0, 0.4],
    domains: [1, 12],
    paysFirst: [0, 1],
    spread: [0.2, 0.5],
    own: [0, 0.1],
  },
  careful: {
    models: [40, 250],
    perDevice: [1, 1],
    bins: [15, 50],
    perCard: [1, 1.3],
    free: [0.7, 1],
    domains: [10, 60],
    paysFirst: [0, 1],
    spread: [0.4, 1],
    own: [0.1, 0.4],
  },
  /** Everybody claims to work for the company whose domain was registered for that. */
  claimed_company: {
    models: [4, 20],
    perDevice: [1, 6],
    bins: [1, 6],
    perCard: [1, 4],
    free: [0, 0],
    domains: [1, 3],
    paysFirst: [0, 1],
    spread: [0.2, 0.5],
    own: [0, 0.1],
    company: true,
  },
  /** Few a day for long, on devices and cards that are used again and again. */
  old_devices: {
    models: [3, 10],
    perDevice: [8, 30],
    bins: [2, 8],
    perCard: [2, 8],
    free: [0.3, 0.9],
    domains: [3, 9],
    paysFirst: [0, 1],
    spread: [0.4, 1],
    own: [0, 0.2],
  },
};
export const styles = Object.keys(crews);

export function campaignPlans(ctx, style, count) {
  const { world, dice } = ctx;
  const crew = drawn(dice, crews[style]);
  const pool = dice.some(world.countries, dice.whole(1, style === 'claimed_company' ? 3 : 6));
  const workshop = world.country();
  const parts = {
    machine: machines(ctx, crew, workshop),
    card: cards(ctx, crew),
    when: rhythm(ctx, workshop),
    ip: wayIn(ctx),
    mail: mail(ctx, crew),
    gateway: world.server(),
    prompt: `h_${dice.text(6, '0123456789abcdef')}`,
    pay: dice.scale(30, 900),
    key: dice.scale(60, 2000),
    rate: dice.one([60, 60, 3]),
    block: dice.text(3, '0123456789'),
  };
  return Array.from({ length: count }, () => account(ctx, { crew, parts, country: dice.one(pool), style }));
}

const drawn = (dice, ranges) =>
  Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [
      name,
      Array.isArray(range) ? (range[0] >= 1 ? dice.scale(...range) : dice.between(...range)) : range,
    ]),
  );

function account({ world, dice, habit }, { crew, parts, country, style }) {
  const email = parts.mail(country);
  const domain = email.split('@')[1];
  const phones = dice.chance(habit.phones * 0.7);
  const rate = dice.delay(parts.rate, 0.4);
  return {
    group: style,
    fraud: true,
    at: parts.when(),
    country,
    ip: parts.ip(country),
    machine: parts.machine(country),
    formMs: Math.round(dice.delay(6000, crew.spread)),
    email,
    phone: phones
      ? `${country.phone}${parts.block}${dice.text(Math.max(3, 9 - country.phone.length), '0123456789')}`
      : undefined,
    organization: crew.company ? domain.split('.')[0] : undefined,
    path: 'standard',
    referrer: 'direct',
    card: parts.card(country),
    payAfter: dice.chance(crew.paysFirst) ? undefined : dice.delay(parts.pay, crew.spread),
    keyAfter: dice.delay(parts.pay, 0.1) + dice.delay(parts.key, crew.spread),
    perDay: rate * 12,
    uses: Array.from({ length: 2 }, (_, i) => ({
      after: dice.delay(1200, 0.7) + i * 7200,
      ip: dice.chance(0.5) ? parts.gateway : world.server(),
      window_s: 3600,
      requests: Math.ceil(rate),
      output_tokens: Math.ceil(rate * 800),
      distinct_ips: dice.whole(1, 6),
      top_model_share: 0.97,
      prompt_template: dice.chance(0.5) ? parts.prompt : `h_${dice.text(6, '0123456789abcdef')}`,
    })),
  };
}

/** An address in the country that the account claims: phones in a cupboard, or lines of ordinary people, some of them known. */
function wayIn({ world, dice }) {
  const cupboard = dice.chance(0.25);
  const known = dice.between(0, 0.25);
  return (country) => {
    const ip = cupboard ? world.cell(country) : world.line(dice.one(country.isps));
    if (!cupboard && !ip.includes(':') && dice.chance(known)) world.lists.residential_proxy.push(ip);
    return ip;
  };
}

function machines(ctx, crew, workshop) {
  const { dice } = ctx;
  const made = Array.from({ length: Math.round(crew.models) }, () => ({ image: model(dice), left: 0 }));
  const disguised = dice.chance(0.7);
  return (country) => {
    const slot = dice.ranked(made, 0.5);
    if (dice.chance(crew.own)) return machineOf(ctx, country);
    if (slot.left-- <= 0) {
      slot.left = Math.round(dice.delay(crew.perDevice, 0.3)) - 1;
      const one = machineOf(ctx, disguised ? country : workshop, slot.image);
      slot.machine = {
        ...one,
        fingerprint: `fp_${dice.text(14, '0123456789abcdef')}`,
        confidence: one.confidence && 0.95,
      };
    }
    return slot.machine;
  };
}

function cards(ctx, crew) {
  const { world, dice } = ctx;
  const bins = Array.from({ length: Math.round(crew.bins) }, () =>
    dice.one([...world.prepaid, ...world.fintech, ...world.country().banks]),
  );
  let left = 0;
  let card;
  return (country) => {
    if (left-- <= 0) {
      left = Math.round(dice.delay(crew.perCard, 0.4)) - 1;
      card = {
        ...cardOf(ctx, country),
        bin: dice.ranked(bins, 0.6),
        funding: dice.one(['virtual', 'prepaid', 'debit', 'credit']),
      };
    }
    return card;
  };
}

/** People at work: two shifts at the workshop, with breaks, some days more than others. */
function rhythm({ dice, time }, workshop) {
  const days = Array.from({ length: Math.ceil(time.days) }, (_, i) => [i, dice.scale(0.3, 3)]);
  return () => {
    const day = dice.weighted(days);
    const local = 8 + dice.between(0, 13) + dice.normal() * 0.6;
    const at = time.start + day * 24 * hour + (local - workshop.offset) * hour;
    return Math.max(time.start, Math.min(at, time.start + time.days * 24 * hour - hour));
  };
}

function mail({ world, dice }, crew) {
  const own = Array.from({ length: Math.max(1, Math.round(crew.domains)) }, () => world.domain());
  const ways = dice.some(manners, dice.whole(1, 4));
  return (country) => {
    const name = dice.one(ways)(...world.person(), dice);
    return `${name}@${dice.chance(crew.free) ? dice.ranked(country.mail, 1.2) : dice.ranked(own, 0.5)}`;
  };
}
