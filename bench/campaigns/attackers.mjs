import { model, owned } from './machines.mjs';

const hour = 3_600_000;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** How a workshop makes names: each has a few habits, and an address is cheap to change. */
const namings = [
  (w, d) => `${w.person().join('')}${d.text(d.whole(2, 4), '0123456789')}`,
  (w, d) => `${w.person().join('.')}.${d.text(5, '0123456789')}`,
  (_w, d) => d.text(d.whole(8, 11), letters),
  (_w, d) => `${d.text(d.whole(5, 6), letters)}${d.text(4, '0123456789')}`,
  (w, d) => `${w.person()[0]}_${w.person()[1]}${d.whole(70, 99)}`,
  (w) => w.person().join('.'),
  (w, d) => `${w.person()[0][0]}${w.person()[1]}${d.text(3, '0123456789')}`,
];

/** Ways in. `near` = the country the account pretends to be from. */
const ways = {
  /** Rented home addresses all over a country; some are known. */
  residential:
    ({ world, dice }) =>
    (near) => {
      const ip = world.home(near);
      if (dice.chance(0.15)) world.lists.residential_proxy.push(ip);
      return ip;
    },
  /** One provider's static home-like addresses: a few blocks of one carrier. */
  static_isp: ({ world, dice }) => {
    const isp = dice.one(world.country().isps);
    const blocks = Array.from({ length: dice.whole(3, 25) }, () => `${dice.one(isp.blocks)}.${dice.whole(0, 255)}`);
    return () => `${dice.one(blocks)}.${dice.whole(1, 254)}`;
  },
  vpn:
    ({ world }) =>
    () =>
      world.vpn(),
  mobile:
    ({ world }) =>
    (near) =>
      world.mobile(near),
  hosting: ({ world, dice }) => {
    const nets = Array.from({ length: dice.whole(2, 8) }, () => world.server().split('.').slice(0, 3).join('.'));
    return () => `${dice.one(nets)}.${dice.whole(1, 254)}`;
  },
};
const someWays = (ctx, weights) => {
  const made = Object.entries(weights).map(([way, weight]) => [ways[way](ctx), weight]);
  return (near) => ctx.dice.weighted(made)(near);
};

/** A pool of machines. `perDevice` 1 = every account has a fingerprint of its own. */
function machines(ctx, { models, perDevice, localised, kind, confidence = 0.93 }) {
  const { world, dice } = ctx;
  const home = world.country(dice.one(['CN', 'VN', 'SG', 'ID', 'NG', 'US']));
  const made = Array.from({ length: models }, () => ({ model: model(dice, kind?.(dice)), country: home, left: 0 }));
  return (near) => {
    const pool = dice.ranked(made, 0.6);
    if (pool.left <= 0 || perDevice <= 1) {
      pool.machine = {
        ...owned(dice, pool.model, localised ? near : home, (localised ? near : home).zones[0]),
        fingerprint: `fp_${dice.text(12, 'abcdef0123456789')}`,
        confidence,
      };
      pool.machine.languages = localised ? [near.languages[0]] : dice.chance(0.2) ? ['en-US'] : [home.languages[0]];
      pool.left = Math.max(1, Math.round(dice.delay(perDevice, 0.3)));
    }
    pool.left--;
    return pool.machine;
  };
}

/** Cards of few or many issuers; each serves `perCard` accounts. */
function cards(ctx, { bins, perCard, funding, country }) {
  const { world, dice } = ctx;
  const issuers = Array.from({ length: bins }, () =>
    dice.weighted([
      [() => dice.one(world.programs), 6],
      [() => dice.one(world.neobanks), 1],
      [() => dice.ranked(world.country().banks, 0.5).bin, 3],
    ])(),
  );
  let card;
  let left = 0;
  return (near) => {
    if (left <= 0) {
      const bin = dice.ranked(issuers, 0.8);
      card = {
        fingerprint: `pm_${dice.text(14, 'abcdef0123456789')}`,
        bin,
        brand: bin[0] === '4' ? 'visa' : 'mastercard',
        funding: dice.weighted(funding),
        country: country ?? near.code,
      };
      left = Math.max(1, Math.round(dice.delay(perCard, 0.4)));
    }
    left--;
    return card;
  };
}

function mail(ctx, { free, disposable, domains, styles }) {
  const { world, dice } = ctx;
  const own = Array.from({ length: domains }, () => world.domain());
  const names = dice.some(namings, styles);
  return (near) => {
    const name = dice.one(names)(world, dice);
    const kind = dice.weighted([
      ['free', free],
      ['disposable', disposable],
      ['own', 1 - free - disposable],
    ]);
    const domain =
      kind === 'free'
        ? dice.ranked(near.mail.slice(0, 3), 1.4)
        : kind === 'disposable'
          ? dice.one(['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com', world.domain()])
          : dice.ranked(own, 0.7);
    return `${name}@${domain}`;
  };
}

/** When signups come: waves of a script, shifts of people, or a thin stream. */
const rhythms = {
  waves: ({ dice, time }, count) => {
    const waves = Array.from(
      { length: Math.ceil(count / dice.scale(40, 400)) },
      () => time.start + dice.between(0.15, 0.95) * time.days * 24 * hour,
    );
    return () => dice.one(waves) + Math.abs(dice.normal()) * dice.between(0.1, 1.5) * hour;
  },
  shifts: ({ dice, time }) => {
    const from = dice.whole(0, 23);
    return () => {
      const day = Math.floor(dice.between(0, time.days));
      return time.start + day * 24 * hour + ((from + dice.between(0, 9)) % 24) * hour;
    };
  },
  stream: ({ dice, time }) => {
    const from = dice.between(0, 0.3);
    return () => time.start + dice.between(from, 1) * time.days * 24 * hour;
  },
};

const virtual = [
  ['virtual', 6],
  ['prepaid', 3],
  ['debit', 1],
];
const mixedFunding = [
  ['virtual', 2],
  ['prepaid', 1],
  ['debit', 4],
  ['credit', 3],
];
const countryPool = (ctx) => {
  const pool = ctx.dice.some(ctx.world.countries, ctx.dice.whole(1, 6));
  return () => ctx.dice.one(pool);
};

/** Each style draws its own craft, so that two seeds are two campaigns. */
export const styles = {
  script: (ctx) => ({
    near: countryPool(ctx),
    way: someWays(ctx, { hosting: 3, vpn: 1 }),
    machine: machines(ctx, { models: 1, perDevice: 1e9, localised: false, kind: () => 'linux-chrome' }),
    bot: true,
    card: cards(ctx, { bins: 1, perCard: 30, funding: virtual }),
    mail: mail(ctx, { free: 0.1, disposable: 0.5, domains: 1, styles: 1 }),
    rhythm: 'waves',
    pay: [4, 0.3],
    key: [6, 0.3],
    formMs: [250, 0.2],
  }),
  reported: (ctx) => {
    const { dice } = ctx;
    return {
      near: countryPool(ctx),
      way: someWays(ctx, dice.one([{ residential: 1 }, { residential: 3, vpn: 1 }, { static_isp: 1 }])),
      machine: machines(ctx, {
        models: Math.round(dice.scale(2, 25)),
        perDevice: dice.one([1, 3, 8, 20, 60]),
        localised: dice.chance(0.4),
      }),
      card: cards(ctx, {
        bins: Math.round(dice.scale(1, 9)),
        perCard: dice.one([1, 1.5, 3, 8]),
        funding: virtual,
        country: dice.chance(0.5) ? 'US' : undefined,
      }),
      mail: mail(ctx, {
        free: dice.between(0, 0.4),
        disposable: dice.between(0.1, 0.6),
        domains: dice.whole(1, 12),
        styles: dice.whole(1, 2),
      }),
      rhythm: dice.one(['waves', 'shifts', 'stream']),
      pay: [dice.scale(15, 400), dice.between(0.2, 0.6)],
      key: [dice.scale(30, 900), dice.between(0.2, 0.6)],
      formMs: [dice.scale(1200, 9000), 0.3],
      template: dice.chance(0.5),
      path: dice.one(['standard', 'standard', 'education', 'startup']),
      phone: dice.chance(0.3),
    };
  },
  careful: (ctx) => {
    const { dice } = ctx;
    return {
      near: countryPool(ctx),
      way: someWays(ctx, dice.one([{ residential: 1 }, { residential: 2, mobile: 1 }])),
      machine: machines(ctx, { models: Math.round(dice.scale(20, 150)), perDevice: 1, localised: dice.chance(0.75) }),
      card: cards(ctx, {
        bins: Math.round(dice.scale(12, 60)),
        perCard: dice.one([1, 1, 2]),
        funding: mixedFunding,
        country: dice.chance(0.3) ? 'US' : undefined,
      }),
      mail: mail(ctx, {
        free: dice.between(0.65, 0.95),
        disposable: 0,
        domains: dice.whole(5, 40),
        styles: dice.whole(1, 3),
      }),
      rhythm: dice.one(['shifts', 'stream', 'waves']),
      pay: [dice.scale(60, 1200), dice.between(0.3, 0.9)],
      key: [dice.scale(120, 3600), dice.between(0.3, 0.9)],
      formMs: [dice.scale(5000, 20_000), 0.5],
      template: dice.chance(0.3),
      path: 'standard',
      phone: dice.chance(0.5),
    };
  },
  near_human: (ctx) => {
    return {
      near: () => ctx.world.country(),
      way: someWays(ctx, { residential: 2, mobile: 1 }),
      machine: machines(ctx, { models: 400, perDevice: 1, localised: true }),
      card: cards(ctx, {
        bins: 150,
        perCard: 1,
        funding: [
          ['debit', 5],
          ['credit', 5],
        ],
      }),
      mail: mail(ctx, { free: 0.97, disposable: 0, domains: 60, styles: 6 }),
      rhythm: 'stream',
      pay: [900, 1.5],
      key: [1500, 1.5],
      formMs: [14_000, 0.9],
      template: false,
      path: 'standard',
      phone: true,
    };
  },
  programme: (ctx) => ({
    ...styles.reported(ctx),
    path: ctx.dice.one(['education', 'startup', 'research']),
    mail: mail(ctx, { free: 0.5, disposable: 0.1, domains: 4, styles: 2 }),
  }),
  drip: (ctx) => ({ ...ctx.dice.one([styles.reported, styles.careful])(ctx), rhythm: 'stream', perDay: 300 }),
  in_crowd: (ctx) => ({
    ...styles.reported(ctx),
    way: someWays(ctx, ctx.dice.one([{ mobile: 1 }, { vpn: 1 }, { mobile: 1, vpn: 1 }])),
  }),
};
export const shapes = {
  ...Object.fromEntries(Object.keys(styles).map((name) => [name, [name]])),
  failover: ['reported', 'reported'],
  mixed: ['script', 'reported', 'reported', 'programme', 'careful'],
  adaptive: ['reported', 'reported', 'reported', 'careful'],
};

/** The accounts of one campaign; a shape with several styles is one crew whose pools follow each other or run side by side. */
export function campaignPlans(ctx, shape, count) {
  const pools = shapes[shape];
  const burn = ctx.dice.chance(0.5);
  return pools.flatMap((style, i) => {
    const follows = shape === 'failover' || shape === 'adaptive';
    const whole = ctx.time;
    const time = follows
      ? { ...whole, start: whole.start + (i * whole.days * 24 * hour) / pools.length, days: whole.days / pools.length }
      : whole;
    const craft = styles[style]({ ...ctx, time });
    const wanted =
      craft.perDay === undefined
        ? Math.round(count / pools.length)
        : Math.min(count, Math.round(craft.perDay * whole.days));
    return pool(
      { ...ctx, time },
      { craft, count: wanted, group: shape === style ? style : `${shape}/${i + 1}-${style}`, burn },
    );
  });
}

function pool(ctx, { craft, count, group, burn }) {
  const { dice } = ctx;
  const when = rhythms[craft.rhythm](ctx, count);
  const shared = {
    template: `h_${dice.text(6, '0123456789abcdef')}`,
    gateways: Array.from({ length: dice.whole(1, 6) }, () => ctx.world.server()),
    ja4: `t13d${dice.whole(1000, 1999)}h1_${dice.text(12, 'abcdef0123456789')}_${dice.text(12, 'abcdef0123456789')}`,
    phones: `+1415${dice.text(3, '0123456789')}`,
  };
  const paysAtOnce = dice.one([0, dice.unit(), 1]);
  return Array.from({ length: count }, () => {
    const near = craft.near();
    const machine = craft.machine(near);
    const rate = burn ? dice.delay(60, 0.4) : dice.delay(3, 0.5);
    return {
      group,
      fraud: true,
      at: when(),
      country: near,
      ip: craft.way(near),
      machine: craft.bot ? { ...machine, webdriver: true } : machine,
      formMs: Math.round(dice.delay(...craft.formMs)),
      email: craft.mail(near),
      phone: craft.phone ? `${shared.phones}${dice.text(4, '0123456789')}` : undefined,
      path: craft.path ?? 'standard',
      referrer: 'direct',
      card: craft.card(near),
      payAfter: dice.chance(paysAtOnce) ? undefined : Math.max(2, dice.delay(...craft.pay)),
      keyAfter: Math.max(3, dice.delay(craft.pay[0], 0.1) + dice.delay(...craft.key)),
      keyIp: undefined,
      perDay: rate * (burn ? 14 : 10),
      uses: uses(dice, { rate, burn, craft, shared }),
    };
  });
}

function uses(dice, { rate, burn, craft, shared }) {
  const begin = dice.delay(burn ? 300 : 1800, 0.6);
  return Array.from({ length: dice.whole(2, 4) }, (_, i) => ({
    after: begin + 3600 * (i * (burn ? 1 : 6)),
    ip: dice.one(shared.gateways),
    ja4: shared.ja4,
    window_s: 3600,
    requests: Math.ceil(rate * dice.between(0.9, 1.1)),
    output_tokens: Math.ceil(rate * 900),
    distinct_ips: dice.whole(1, 12),
    top_model_share: 0.99,
    prompt_template: craft.template ? shared.template : `h_${dice.text(6, '0123456789abcdef')}`,
  }));
}
