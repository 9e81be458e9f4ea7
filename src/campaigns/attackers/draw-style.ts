import type { Random } from '../random.js';
import type { ExitKind, MailKind, Range, Rhythm, TierRanges, Weights } from './style.js';

type Table<K extends string> = readonly (readonly [K, number])[];

export type StylePart = 'exits' | 'devices' | 'mail' | 'cards' | 'phones' | 'time' | 'usage' | 'paths';

/** One campaign's way of working: a value for everything that its tier leaves open. */
export interface Style {
  readonly tier: string;
  readonly name: string;
  readonly exits: {
    readonly kinds: Table<ExitKind>;
    readonly countries: number;
    readonly accountsPerAddress: number;
    readonly clumped: number;
  };
  readonly devices: Readonly<Record<keyof TierRanges['devices'], number>>;
  readonly mail: { readonly kinds: Table<MailKind>; readonly domains: number; readonly patterns: number };
  readonly cards: Readonly<Record<keyof TierRanges['cards'], number>>;
  readonly phones: { readonly share: number; readonly blocks: number };
  readonly time: {
    readonly rhythm: Rhythm;
    readonly formMs: number;
    readonly formSpread: number;
    readonly keyAfterMinutes: number;
    readonly keySpread: number;
  };
  readonly usage: Readonly<Record<keyof TierRanges['usage'], number>>;
  readonly paths: Table<string>;
}

const drawFrom = ([low, high]: Range, random: Random): number =>
  low > 0 ? random.logBetween(low, high) : random.between(low, high);

const weightsFrom = <K extends string>(ranges: Weights<K>, random: Random): Table<K> =>
  ranges.map(([kind, [low, high]]) => [kind, random.between(low, high)]);

/** Two seeds make two different campaigns of one tier, not one campaign with other noise. */
export function drawStyle(ranges: TierRanges, random: Random): Style {
  const { exits, devices, mail, cards, phones, time, usage } = ranges;
  const draw = (range: Range): number => drawFrom(range, random);
  return {
    tier: ranges.tier,
    name: random.fill('style-****'),
    exits: {
      kinds: weightsFrom(exits.kinds, random),
      countries: Math.round(draw(exits.countries)),
      accountsPerAddress: draw(exits.accountsPerAddress),
      clumped: draw(exits.clumped),
    },
    devices: {
      templates: Math.round(draw(devices.templates)),
      accountsPerFingerprint: draw(devices.accountsPerFingerprint),
      unique: draw(devices.unique),
      localised: draw(devices.localised),
      contradicting: draw(devices.contradicting),
      none: draw(devices.none),
    },
    mail: {
      kinds: weightsFrom(mail.kinds, random),
      domains: Math.round(draw(mail.domains)),
      patterns: Math.round(draw(mail.patterns)),
    },
    cards: {
      bins: Math.round(draw(cards.bins)),
      accountsPerCard: draw(cards.accountsPerCard),
      flagged: draw(cards.flagged),
      none: draw(cards.none),
      atSignup: draw(cards.atSignup),
    },
    phones: { share: draw(phones.share), blocks: Math.round(draw(phones.blocks)) },
    time: {
      rhythm: random.weighted(weightsFrom(time.rhythms, random)),
      formMs: draw(time.formMs),
      formSpread: draw(time.formSpread),
      keyAfterMinutes: draw(time.keyAfterMinutes),
      keySpread: draw(time.keySpread),
    },
    usage: {
      useAfterMinutes: draw(usage.useAfterMinutes),
      oneTemplate: draw(usage.oneTemplate),
      rampH: draw(usage.rampH),
      distinctIps: Math.round(draw(usage.distinctIps)),
      gateway: draw(usage.gateway),
    },
    paths: weightsFrom(ranges.paths, random),
  };
}
