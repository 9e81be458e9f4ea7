import type { Random } from '../random.js';
import { drawStyle, type Style, type StylePart } from './draw-style.js';
import type { FarmPart, PoolPlan, Regime } from './pool.js';
import { tierByName, tiers } from './tiers.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface AttackWish {
  readonly tier: string;
  readonly accounts: number;
  readonly from: number;
  readonly until: number;
  /** The end of what is simulated. */
  readonly end: number;
  readonly regime: Regime;
  /** What the attackers changed since the last round; once for each time. */
  readonly adapted: readonly StylePart[];
}

/** What a campaign may be asked for about its attackers. */
export type AttackChoice = 'tier' | 'accounts' | 'regime' | 'attackFromD' | 'attackDays';

/** A way to attack: which pools, when, with what. */
interface Scenario {
  readonly name: string;
  readonly doc: string;
  /** What makes no difference to it. */
  readonly leaves?: readonly AttackChoice[] | undefined;
  plan(wish: AttackWish, random: Random): readonly PoolPlan[];
}

/** In the parts that got an earlier round held: the way of the next more careful tier, of the one after it the second time. */
function adapt(style: Style, adapted: readonly StylePart[], random: Random): Style {
  const own = tiers.findIndex(({ tier }) => tier === style.tier);
  const changed = [...new Set(adapted)].map((part) => {
    const times = adapted.filter((one) => one === part).length;
    const ranges = tiers[Math.min(own + times, tiers.length - 1)] ?? tierByName(style.tier);
    return [part, drawStyle(ranges, random.fork(`${part} ${times}`))[part]] as const;
  });
  return { ...style, ...Object.fromEntries(changed) };
}

const styleOf = (tier: string, { adapted }: AttackWish, random: Random): Style =>
  adapt(drawStyle(tierByName(tier), random.fork(`style ${tier}`)), adapted, random.fork('adapted'));

const onePool = (wish: AttackWish, style: Style, name = 'p1'): PoolPlan => ({
  campaign: 'c1',
  name,
  ring: `c1.${name}`,
  style,
  accounts: wish.accounts,
  from: wish.from,
  until: wish.until,
  regime: wish.regime,
  carries: [],
});

const single: Scenario = {
  name: 'single',
  doc: 'One operator, one pool, one style of the tier.',
  plan: (wish, random) => [onePool(wish, styleOf(wish.tier, wish, random))],
};

const none: Scenario = {
  name: 'none',
  doc: 'No campaign at all: honest people only.',
  leaves: ['tier', 'accounts', 'regime', 'attackFromD', 'attackDays'],
  plan: () => [],
};

const mixtures: readonly (readonly [tier: string, share: number, regime: Regime])[] = [
  ['T0', 0.08, 'burn'],
  ['T1', 0.2, 'burn'],
  ['T2', 0.42, 'burn'],
  ['T3', 0.22, 'pool'],
  ['T4', 0.08, 'pool'],
];

const mixed: Scenario = {
  name: 'mixed',
  doc: 'Five operators at once, one of each tier: 8 % T0, 20 % T1, 42 % T2, 22 % T3, 8 % T4; the careful ones draw slowly.',
  leaves: ['tier', 'regime'],
  plan(wish, random) {
    const sizes = divide(
      wish.accounts,
      mixtures.map(([, share]) => share),
    );
    return mixtures.map(([tier, , regime], index) => ({
      ...onePool({ ...wish, regime }, styleOf(tier, wish, random.fork(tier)), `p${index + 1}`),
      accounts: sizes[index] ?? 0,
    }));
  },
};

/** Whole parts that add up to the whole: what rounding down leaves goes to the parts that lost most by it. */
function divide(whole: number, shares: readonly number[]): readonly number[] {
  const exact = shares.map((share) => whole * share);
  const left = whole - exact.reduce((sum, part) => sum + Math.floor(part), 0);
  const byLoss = exact.map((part, index) => ({ index, loss: part - Math.floor(part) })).sort((a, b) => b.loss - a.loss);
  const rounded = new Set(byLoss.slice(0, left).map(({ index }) => index));
  return exact.map((part, index) => Math.floor(part) + (rounded.has(index) ? 1 : 0));
}

const anyCarried: readonly FarmPart[] = ['markets', 'machines', 'cards', 'phones', 'template'];

const failover: Scenario = {
  name: 'failover',
  doc: 'A second pool takes over hours after the first: other addresses and mail, some of the old machines or cards.',
  plan(wish, random) {
    const style = styleOf(wish.tier, wish, random);
    const middle = wish.from + (wish.until - wish.from) / 2;
    const first = { ...onePool(wish, style), accounts: Math.ceil(wish.accounts / 2), until: middle };
    const kept = random.fork('kept');
    const carries = anyCarried.filter(() => kept.chance(0.5));
    const second = onePool(
      { ...wish, from: middle + kept.between(2, 10) * hourMs },
      { ...style, name: `${style.name}-2` },
      'p2',
    );
    const until = Math.max(second.from + hourMs, wish.until);
    return [
      { ...first, carries },
      { ...second, until, accounts: Math.floor(wish.accounts / 2), carries },
    ];
  },
};

const dripPerDay = 300;

const drip: Scenario = {
  name: 'drip',
  doc: 'A slow drip: 300 accounts a day around the clock until the end, each used a little for weeks.',
  leaves: ['regime', 'attackDays'],
  plan(wish, random) {
    const style = styleOf(wish.tier, wish, random);
    const days = (wish.end - wish.from) / dayMs;
    const accounts = Math.min(wish.accounts, Math.round(dripPerDay * days));
    const until = wish.from + (accounts / dripPerDay) * dayMs;
    const time = { ...style.time, rhythm: 'around-the-clock' as const };
    return [{ ...onePool({ ...wish, accounts, until, regime: 'pool' }, { ...style, time }) }];
  },
};

const hidden: Scenario = {
  name: 'hidden',
  doc: 'Behind the same carrier exits and VPN servers that honest people use, awake when they are.',
  plan(wish, random) {
    const style = styleOf(wish.tier, wish, random);
    const vpn = random.fork('vpn').between(0.2, 0.8);
    const exits = {
      ...style.exits,
      kinds: [
        ['mobile', 1 - vpn],
        ['vpn', vpn],
      ] as const,
      clumped: 0,
    };
    return [onePool(wish, { ...style, exits, time: { ...style.time, rhythm: 'human' } })];
  },
};

const programmes: Scenario = {
  name: 'programmes',
  doc: 'Only through the education, research and startup paths, with invented organizations.',
  plan(wish, random) {
    const style = styleOf(wish.tier, wish, random);
    const draw = random.fork('paths');
    const paths = ['education', 'research', 'startup'].map((path) => [path, draw.between(0.1, 1)] as const);
    return [onePool(wish, { ...style, paths })];
  },
};

const sleepers: Scenario = {
  name: 'sleepers',
  doc: 'Accounts are opened over days and lie still; when a new model comes out, all are used at once.',
  plan(wish, random) {
    const pool = onePool(wish, styleOf(wish.tier, wish, random));
    return [{ ...pool, wakeAt: Math.min(wish.until + 6 * hourMs, wish.end - 12 * hourMs) }];
  },
};

export const scenarios: readonly Scenario[] = [single, none, mixed, failover, drip, hidden, programmes, sleepers];
