import { model } from '../machines.mjs';
import { cardOf, machineOf, moment, person } from './people.mjs';
import { mailName } from './world.mjs';

const minute = 60_000;
const hour = 60 * minute;

function together({ dice, time }, { count, spread, each }) {
  const begin = time.start + dice.between(0.25, 0.95) * time.days * 24 * hour;
  return Array.from({ length: count }, (_, i) => ({ ...each(i), at: begin + Math.abs(dice.normal()) * spread }));
}
const handed = (dice, kinds) => model(dice, dice.one(kinds));

export const crowds = {
  /** A university's office for guests: people, clocks, cards and phones of many countries at one egress. */
  exchange_office(ctx) {
    const { world, dice } = ctx;
    const here = world.country();
    const ip = world.venue(here);
    const domain = `guest.uni-${world.word(2)}.${here.code.toLowerCase()}`;
    return together(ctx, {
      count: dice.whole(30, 90),
      spread: 2 * hour,
      each: () => {
        const home = world.country();
        return person(ctx, {
          country: home,
          ip: ip(),
          path: 'education',
          email: `${dice.chance(0.7) ? `x${dice.text(6, '0123456789')}@${domain}` : `${mailName(world, dice)}@${dice.one(home.mail)}`}`,
        });
      },
    });
  },
  /** A congress in a hotel: everybody from elsewhere, half on the hotel's network, half through their company's VPN. */
  hotel_congress(ctx) {
    const { world, dice } = ctx;
    const ip = world.venue(world.country());
    return together(ctx, {
      count: dice.whole(60, 160),
      spread: 5 * hour,
      each: () => person(ctx, { ip: dice.chance(0.7) ? ip() : world.vpn(), keyAfter: dice.delay(300, 1) }),
    });
  },
  /** A country behind its carriers' addresses, in which one provider has all the mail, hears of us. */
  cgnat_country(ctx) {
    const { world, dice } = ctx;
    const country = dice.one(world.countries);
    return together(ctx, {
      count: dice.whole(150, 400),
      spread: 9 * hour,
      each: () =>
        person(ctx, {
          country,
          ip: world.cell(country),
          machine: machineOf(ctx, country, model(dice, dice.one(['android-chrome', 'android-chrome', 'win-chrome']))),
          email: `${mailName(world, dice)}@${country.mail[0]}`,
        }),
    });
  },
  /** A foundation gives its pupils prepaid cards of one range; they begin within days, from home. */
  sponsored_cards(ctx) {
    const { world, dice } = ctx;
    const bin = dice.one(world.prepaid);
    const few = dice.some(world.countries, dice.whole(1, 4));
    return together(ctx, {
      count: dice.whole(40, 140),
      spread: dice.one([1, 8, 40]) * hour,
      each: () => {
        const country = dice.one(few);
        return person(ctx, {
          country,
          card: { ...cardOf(ctx, country), bin, funding: 'prepaid' },
          payAfter: dice.delay(200, 0.8),
          keyAfter: dice.delay(500, 0.8),
        });
      },
    });
  },
  /** Every laptop from one image, everybody behind one egress; the form does not ask for the company. */
  company_image(ctx) {
    const { world, dice } = ctx;
    const country = world.country();
    const ip = world.venue(country);
    const image = handed(dice, ['win-edge', 'mac-chrome', 'win-chrome']);
    const domain = world.domain();
    const bin = dice.chance(0.5) ? dice.one(world.fintech) : undefined;
    const named = dice.chance(0.5);
    return together(ctx, {
      count: Math.round(dice.scale(30, 250)),
      spread: dice.scale(20, 300) * minute,
      each: () =>
        person(ctx, {
          country,
          ip: ip(),
          machine: machineOf(ctx, country, image),
          email: `${world.person().join('.')}@${domain}`,
          organization: named ? domain.split('.')[0] : undefined,
          ...(bin === undefined ? { card: undefined } : { card: { ...cardOf(ctx, country), bin, funding: 'virtual' } }),
        }),
    });
  },
  /** Loaned laptops of one model at home, all over a city: free mail, own cards, the same hour. */
  bootcamp(ctx) {
    const { world, dice } = ctx;
    const country = world.country();
    const image = handed(dice, ['linux-chrome', 'win-chrome', 'mac-chrome']);
    const line = dice.one(country.isps);
    return together(ctx, {
      count: dice.whole(20, 60),
      spread: 40 * minute,
      each: () =>
        person(ctx, {
          country,
          ip: world.line(line),
          machine: machineOf(ctx, country, image),
          keyAfter: dice.delay(420, 0.5),
        }),
    });
  },
  /** A contest opens its doors: hundreds in half an hour, keys at once, most without a card. */
  coding_contest(ctx) {
    const { world, dice } = ctx;
    const country = dice.chance(0.5) ? world.country() : undefined;
    const prompt = `h_${dice.text(6, '0123456789abcdef')}`;
    return together(ctx, {
      count: dice.whole(120, 300),
      spread: 18 * minute,
      each: () => {
        const one = person(ctx, {
          country,
          keyAfter: dice.delay(70, 0.5),
          ...(dice.chance(0.8) ? { card: undefined } : {}),
        });
        return { ...one, uses: one.uses.map((use) => ({ ...use, prompt_template: prompt })) };
      },
    });
  },
  /** Where everybody needs a VPN, and a card of the one issuer that takes them. */
  vpn_country(ctx) {
    const { world, dice } = ctx;
    const country = dice.one(world.countries);
    return together(ctx, {
      count: dice.whole(80, 200),
      spread: 30 * hour,
      each: () =>
        person(ctx, {
          country,
          ip: world.vpn(),
          ...(dice.chance(0.4)
            ? {
                card: { ...cardOf(ctx, country), bin: world.fintech[0], funding: 'virtual', country: 'SE' },
                payAfter: dice.delay(900, 1),
              }
            : {}),
        }),
    });
  },
  family_plan(ctx) {
    const { world, dice, time } = ctx;
    const country = world.country();
    const [machine, card, ip] = [machineOf(ctx, country), cardOf(ctx, country), world.home(country)];
    const at = moment(dice, time, country);
    return Array.from({ length: dice.whole(2, 6) }, (_, i) => ({
      ...person(ctx, { country, ip, card, machine: i < 2 ? machine : machineOf(ctx, country) }),
      at: at + i * dice.between(1, 300) * minute,
    }));
  },
  /** Customers of old, written over in one night by a server: no device, no user agent of theirs, cards on file. */
  migration_night(ctx) {
    const { world, dice } = ctx;
    const ip = world.server();
    return together(ctx, {
      count: dice.whole(150, 400),
      spread: 3 * hour,
      each: () => ({
        ...person(ctx, { ip, formMs: undefined, phone: undefined, keyAfter: undefined, uses: [] }),
        bare: true,
      }),
    });
  },
  /** A phone comes out, with a trial of ours in the box. */
  phone_launch(ctx) {
    const { world, dice } = ctx;
    const country = world.country();
    const image = handed(dice, ['android-chrome', 'ios-safari']);
    return together(ctx, {
      count: dice.whole(60, 200),
      spread: 14 * hour,
      each: () => person(ctx, { country, ip: world.cell(country), machine: machineOf(ctx, country, image) }),
    });
  },
  build_servers(ctx) {
    const { world, dice, time } = ctx;
    const country = world.country();
    return [
      {
        ...person(ctx, { country, ip: world.server(), keyAfter: dice.delay(5, 0.5), formMs: undefined }),
        at: moment(dice, time, country),
      },
    ];
  },
};

const kinds = {
  vpn_user: [0.05, ({ world }) => ({ ip: world.vpn() })],
  carrier_nat: [
    0.12,
    ({ world }) => {
      const country = world.country();
      return { country, ip: world.cell(country) };
    },
  ],
  quiet_browser: [0.02, () => ({ quiet: true })],
  traveller: [0.02, ({ world }) => ({ ip: world.home(world.country()) })],
};

/** Shares of the honest; one crowd of each kind at least. */
const share = {
  exchange_office: 0.012,
  hotel_congress: 0.02,
  cgnat_country: 0.04,
  sponsored_cards: 0.018,
  company_image: 0.02,
  bootcamp: 0.01,
  coding_contest: 0.03,
  vpn_country: 0.02,
  family_plan: 0.015,
  migration_night: 0.03,
  phone_launch: 0.02,
  build_servers: 0.01,
};

export function honestPlans(ctx, count) {
  const plans = [];
  for (const [group, make] of Object.entries(crowds)) {
    for (let made = 0; made < Math.max(1, Math.round(count * share[group])); ) {
      const crowd = make(ctx);
      made += crowd.length;
      plans.push(...crowd.map((plan) => ({ ...plan, group })));
    }
  }
  while (plans.length < count) plans.push(single(ctx));
  return plans;
}

function single(ctx) {
  const { dice, time } = ctx;
  const ordinary = ['ordinary', 1 - Object.values(kinds).reduce((sum, [part]) => sum + part, 0)];
  const group = dice.weighted([...Object.entries(kinds).map(([name, [part]]) => [name, part]), ordinary]);
  const plan = person(ctx, kinds[group]?.[1](ctx) ?? {});
  return { ...plan, group, at: moment(dice, time, plan.country) };
}
