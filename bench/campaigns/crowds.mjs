import { model, owned } from './machines.mjs';
import { cardOf, mailName, moment, person } from './people.mjs';

const minute = 60_000;
const hour = 60 * minute;

/** People who begin together: `count` accounts around one moment. */
function together(ctx, { count, spread, each }) {
  const { dice, time } = ctx;
  const begin = time.start + dice.between(0.02, 0.98) * time.days * 24 * hour;
  return Array.from({ length: count }, (_, i) => ({ ...each(i), at: begin + Math.abs(dice.normal()) * spread }));
}

const schoolMail = (ctx, country) =>
  `${ctx.dice.one(['students.', 'stud.', ''])}${ctx.world.domain().split('.')[0]}.${country.code === 'US' ? 'edu' : country.code === 'GB' ? 'ac.uk' : ctx.dice.one(['edu', 'example'])}`;

const crowds = {
  campus_class(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    const domain = schoolMail(ctx, country);
    const style = dice.one([
      (_i) => `s${dice.whole(1_000_000, 1_999_999)}`,
      () => world.person().join('.'),
      () => `${world.person()[1]}${dice.whole(10, 99)}`,
    ]);
    return together(ctx, {
      count: dice.whole(30, 130),
      spread: dice.scale(8, 60) * minute,
      each: () =>
        person(world, dice, habit, {
          country,
          ip: ip(),
          path: 'education',
          email: `${style()}@${dice.chance(0.9) ? domain : dice.one(country.mail)}`,
          keyAfter: dice.delay(400, 0.6),
          ...(dice.chance(0.8) ? { card: undefined } : {}),
        }),
    });
  },
  computer_lab(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    const domain = schoolMail(ctx, country);
    const image = model(dice, dice.one(['win-chrome', 'linux-firefox', 'linux-chrome', 'win-edge']));
    return together(ctx, {
      count: dice.whole(15, 60),
      spread: 12 * minute,
      each: () =>
        person(world, dice, habit, {
          country,
          ip: ip(),
          machine: { ...owned(dice, image, country, country.zones[0]), languages: country.languages },
          path: 'education',
          email: `${world.person().join('.')}@${domain}`,
          keyAfter: dice.delay(300, 0.5),
          card: undefined,
        }),
    });
  },
  office_rollout(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    const domain = world.domain();
    const laptops = Array.from({ length: dice.whole(1, 3) }, () =>
      model(dice, dice.one(['mac-chrome', 'win-chrome', 'win-edge'])),
    );
    const corporate = dice.chance(0.3) ? dice.one(world.programs) : undefined;
    const card = () =>
      corporate === undefined
        ? undefined
        : { ...cardOf(world, dice, country, habit), bin: corporate, funding: dice.one(['virtual', 'credit']) };
    return together(ctx, {
      count: Math.round(dice.scale(20, 500)),
      spread: dice.scale(15, 120) * minute,
      each: () =>
        person(world, dice, habit, {
          country,
          ip: ip(),
          machine: { ...owned(dice, dice.one(laptops), country, country.zones[0]), languages: country.languages },
          email: `${world.person().join('.')}@${domain}`,
          organization: domain.split('.')[0],
          card: card(),
          payAfter: undefined,
        }),
    });
  },
  /** A company whose people sit at home all over a country, with managed laptops. */
  remote_rollout(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const domain = world.domain();
    const laptops = Array.from({ length: dice.whole(1, 3) }, () => model(dice, dice.one(['mac-chrome', 'win-chrome'])));
    const corporate = dice.chance(0.4) ? dice.one(world.programs) : undefined;
    const card = () =>
      corporate && { ...cardOf(world, dice, country, habit), bin: corporate, funding: dice.one(['virtual', 'credit']) };
    const each = () =>
      person(world, dice, habit, {
        country,
        ip: world.home(country),
        machine: { ...owned(dice, dice.one(laptops), country, country.zones[0]), languages: country.languages },
        email: `${world.person().join('.')}@${domain}`,
        organization: domain.split('.')[0],
        card: card(),
        payAfter: undefined,
      });
    return together(ctx, { count: Math.round(dice.scale(20, 200)), spread: dice.scale(20, 200) * minute, each });
  },
  /** A course whose sponsor gives everybody a card of one range. */
  voucher_course(ctx) {
    const { world, dice, habit } = ctx;
    const bin = dice.one(world.programs);
    const each = () => {
      const country = world.country();
      const card = { ...cardOf(world, dice, country, habit), bin, funding: 'prepaid' };
      return person(world, dice, habit, {
        country,
        card,
        payAfter: dice.delay(150, 0.7),
        keyAfter: dice.delay(400, 0.6),
      });
    };
    return together(ctx, { count: dice.whole(40, 150), spread: dice.scale(20, 120) * minute, each });
  },
  hackathon(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    const voucher = dice.chance(0.3) ? dice.one(world.programs) : undefined;
    return together(ctx, {
      count: dice.whole(60, 250),
      spread: dice.scale(15, 90) * minute,
      each: () =>
        person(world, dice, habit, {
          country,
          ip: dice.chance(0.8) ? ip() : world.mobile(country),
          keyAfter: dice.delay(120, 0.7),
          ...(voucher !== undefined && dice.chance(0.5)
            ? {
                card: { ...cardOf(world, dice, country, habit), bin: voucher, funding: 'prepaid' },
                payAfter: dice.delay(90, 0.6),
              }
            : {}),
        }),
    });
  },
  conference(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    return together(ctx, {
      count: dice.whole(80, 300),
      spread: dice.scale(1, 7) * hour,
      each: () => person(world, dice, habit, { ip: ip(), ...(dice.chance(0.6) ? { country } : {}) }),
    });
  },
  online_course(ctx) {
    const { world, dice, habit } = ctx;
    return together(ctx, {
      count: dice.whole(100, 400),
      spread: dice.scale(20, 120) * minute,
      each: () => person(world, dice, habit, { keyAfter: dice.delay(240, 0.5) }),
    });
  },
  local_news(ctx) {
    const { world, dice, habit } = ctx;
    const country = world.country();
    return together(ctx, {
      count: dice.whole(150, 600),
      spread: dice.scale(1, 6) * hour,
      each: () => person(world, dice, habit, { country }),
    });
  },
  neobank_offer(ctx) {
    const { world, dice, habit } = ctx;
    const bin = dice.one(world.neobanks);
    return together(ctx, {
      count: dice.whole(40, 160),
      spread: dice.scale(2, 8) * hour,
      each: () => {
        const country = world.country();
        return person(world, dice, habit, {
          country,
          card: { ...cardOf(world, dice, country, habit), bin, funding: 'virtual' },
          payAfter: dice.delay(300, 1),
        });
      },
    });
  },
  agency(ctx) {
    const { world, dice, habit, time } = ctx;
    const country = world.country();
    const machine = owned(dice, model(dice), country);
    const sure = { ...machine, confidence: 0.95, fingerprint: `fp_agency_${dice.text(8, '0123456789abcdef')}` };
    const cards = Array.from({ length: dice.whole(1, 3) }, () => cardOf(world, dice, country, habit));
    const roams = dice.chance(0.3);
    const isp = dice.one(country.isps);
    const fixed = world.home(country);
    const ip = () => (roams ? `${dice.one(isp.blocks)}.${dice.whole(0, 255)}.${dice.whole(1, 254)}` : fixed);
    const clients = Array.from({ length: Math.round(dice.scale(6, 50)) }, () => world.domain());
    const bySameDay = dice.chance(0.3);
    const day = dice.between(0, time.days * 24 * hour * 0.9);
    return clients.map((domain) => ({
      ...person(world, dice, habit, {
        country,
        machine: sure,
        ip: ip(),
        card: dice.one(cards),
        payAfter: dice.delay(200, 0.6),
        email: `${dice.one(['hello', 'api', 'dev', 'info', 'team'])}@${domain}`,
        organization: domain.split('.')[0],
        keyAfter: dice.delay(300, 0.7),
      }),
      at: bySameDay ? time.start + day + dice.between(0, 6 * hour) : moment(dice, time, country),
    }));
  },
  family(ctx) {
    const { world, dice, habit, time } = ctx;
    const country = world.country();
    const machine = { ...owned(dice, model(dice), country), confidence: 0.93 };
    const card = cardOf(world, dice, country, habit);
    const ip = world.home(country);
    const begin = moment(dice, time, country);
    return Array.from({ length: dice.whole(2, 5) }, () => ({
      ...person(world, dice, habit, {
        country,
        ip,
        machine: dice.chance(0.6) ? machine : owned(dice, model(dice), country),
        card: dice.chance(0.8) ? card : undefined,
      }),
      at: begin + dice.between(0, dice.one([1, 48])) * hour,
    }));
  },
  developer_tests(ctx) {
    const { world, dice, habit, time } = ctx;
    const country = world.country();
    const machine = { ...owned(dice, model(dice), country), confidence: 0.95 };
    const ip = world.home(country);
    const name = mailName(world, dice);
    const begin = moment(dice, time, country);
    return Array.from({ length: dice.whole(2, 6) }, (_, i) => ({
      ...person(world, dice, habit, {
        country,
        ip,
        machine,
        email: `${name}+${dice.one(['test', 'qa', 'dev'])}${i}@gmail.com`,
        card: undefined,
        keyAfter: dice.delay(30, 0.5),
      }),
      at: begin + i * dice.between(1, 60) * minute,
    }));
  },
};

/** Single people of a kind, mixed among everybody: share of the honest. */
const kinds = {
  vpn_user: [0.05, ({ world }) => ({ ip: world.vpn() })],
  relay_user: [
    0.03,
    ({ world, dice }) => ({
      ip: world.relayExit(),
      machine: owned(dice, model(dice, dice.one(['ios-safari', 'mac-safari'])), world.country('US')),
    }),
  ],
  privacy_browser: [0.02, ({ world, dice }) => ({ quiet: true, ip: dice.chance(0.5) ? world.vpn() : undefined })],
  carrier_nat: [
    0.12,
    ({ world, dice }) => {
      const country = world.country();
      return { country, ip: world.mobile(country), machine: owned(dice, model(dice, 'android-chrome'), country) };
    },
  ],
  mover: [
    0.02,
    ({ world }) => {
      const lives = world.country();
      return { ip: world.home(lives) };
    },
  ],
  ci_runner: [0.01, ({ world, dice }) => ({ ip: world.server(), keyAfter: dice.delay(4, 0.5), formMs: undefined })],
};

const share = {
  campus_class: 0.02,
  computer_lab: 0.008,
  office_rollout: 0.03,
  remote_rollout: 0.015,
  voucher_course: 0.01,
  hackathon: 0.02,
  conference: 0.015,
  online_course: 0.03,
  local_news: 0.03,
  neobank_offer: 0.01,
  agency: 0.008,
  family: 0.02,
  developer_tests: 0.01,
};

/** All honest accounts of a file: `{ group, …plan }`. */
export function honestPlans(ctx, count) {
  const plans = [];
  for (const [group, make] of Object.entries(crowds)) {
    const wanted = Math.round(count * share[group]);
    let made = 0;
    // The last crowd of a kind may be larger than what is left: small files keep at least one of each kind by chance.
    while (made < wanted && (made > 0 || ctx.dice.chance(Math.min(1, wanted / 20)))) {
      const crowd = make(ctx);
      made += crowd.length;
      plans.push(...crowd.map((plan) => ({ ...plan, group })));
    }
  }
  while (plans.length < count) plans.push(single(ctx));
  return plans.filter(({ at }) => at < ctx.time.start + ctx.time.days * 24 * hour);
}

function single(ctx) {
  const { world, dice, habit, time } = ctx;
  const roll = dice.unit();
  let from = 0;
  for (const [group, [part, given]] of Object.entries(kinds)) {
    from += part;
    if (roll < from) return placed(ctx, group, given(ctx));
  }
  const plan = person(world, dice, habit);
  return { ...plan, group: 'ordinary', at: moment(dice, time, plan.country) };
}

function placed({ world, dice, habit, time }, group, given) {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const plan = person(world, dice, habit, known);
  return { ...plan, group, at: moment(dice, time, plan.country) };
}
