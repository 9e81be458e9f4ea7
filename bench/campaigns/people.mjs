import { humanUses } from './account.mjs';
import { model, owned } from './machines.mjs';

const dayMs = 86_400_000;
const shapes = [
  [(a, b) => `${a}.${b}`, 22],
  [(a, b) => `${a}${b}`, 18],
  [(a, b, d) => `${a}${b}${d.whole(1, 99)}`, 14],
  [(a, _b, d) => `${a}${d.whole(1965, 2009)}`, 6],
  [(a, b) => `${a[0]}${b}`, 8],
  [(a, b, d) => `${a}.${b}${d.whole(1, 999)}`, 10],
  [(a, b, d) => `${a}_${b}${d.chance(0.5) ? d.whole(1, 99) : ''}`, 4],
  [(a, b, d) => `${b}.${a}${d.chance(0.4) ? d.whole(1, 99) : ''}`, 6],
  [(a) => a, 5],
  [(a, _b, d) => `${a}${d.whole(100, 9999)}`, 7],
  [(a, _b, d) => `${a}dev${d.chance(0.3) ? d.whole(1, 99) : ''}`, 3],
  [(a, b, d) => `the${a}${b}${d.chance(0.2) ? d.whole(1, 9) : ''}`, 2],
  [(_a, _b, d) => d.text(d.whole(6, 10), 'abcdefghijklmnoprstuvwxyz0123456789'), 3],
];

export const mailName = (world, dice) => dice.weighted(shapes)(...world.person(), dice);

/** How honest people are in this seed: who pays when, how fast keys come, how busy hours are. */
export const habits = (dice) => ({
  payAtSignup: dice.between(0.05, 0.6),
  payLater: dice.between(0.2, 0.5),
  keys: dice.between(0.5, 0.85),
  uses: dice.between(0.15, 0.4),
  keyMedian: dice.scale(150, 2400),
  neobank: dice.between(0.02, 0.08),
  phones: dice.between(0.1, 0.8),
});

export function cardOf(world, dice, country, habit) {
  const fingerprint = `pm_${dice.text(14, 'abcdef0123456789')}`;
  if (dice.chance(habit.neobank))
    return {
      fingerprint,
      bin: dice.one(world.neobanks),
      brand: 'visa',
      funding: dice.weighted([
        ['debit', 5],
        ['virtual', 3],
        ['prepaid', 2],
      ]),
      country: dice.chance(0.5) ? country.code : 'GB',
    };
  const bank = dice.ranked(country.banks, 0.9);
  return {
    fingerprint,
    bin: bank.bin,
    brand: bank.bin[0] === '4' ? 'visa' : 'mastercard',
    funding: bank.funding,
    country: country.code,
  };
}

const phoneOf = (dice, country) => `${country.phone}${dice.text(Math.max(4, 11 - country.phone.length), '0123456789')}`;

/** An ordinary person's account; a crowd gives what is different. */
export function person(world, dice, habit, given = {}) {
  const country = given.country ?? world.country();
  const machine = given.machine ?? owned(dice, model(dice), country);
  const mobile = machine.os === 'ios' || machine.os === 'android';
  const ip = given.ip ?? (mobile && dice.chance(0.6) ? world.mobile(country) : world.home(country));
  const pays = dice.unit();
  const own = dice.chance(0.12);
  const plan = {
    country,
    machine,
    ip,
    formMs: Math.round(dice.delay(14_000, 0.9)),
    email: own
      ? `${mailName(world, dice)}@${world.domain()}`
      : `${mailName(world, dice)}@${dice.ranked(country.mail, 1.3)}`,
    phone: dice.chance(habit.phones) ? phoneOf(dice, country) : undefined,
    path: dice.weighted([
      ['standard', 85],
      ['education', 8],
      ['startup', 4],
      ['research', 3],
    ]),
    referrer: dice.weighted([
      ['direct', 4],
      ['search', 4],
      ['docs', 2],
      ['social', 2],
    ]),
    ...(pays < habit.payAtSignup
      ? { card: cardOf(world, dice, country, habit) }
      : pays < habit.payAtSignup + habit.payLater
        ? { card: cardOf(world, dice, country, habit), payAfter: dice.delay(900, 1.8) }
        : {}),
    keyAfter: dice.chance(habit.keys) ? dice.delay(habit.keyMedian, 1.6) : undefined,
    ...given,
  };
  return {
    ...plan,
    uses:
      plan.uses ??
      (plan.keyAfter !== undefined && dice.chance(habit.uses)
        ? humanUses(dice, dice.chance(0.6) ? plan.ip : world.server())
        : []),
  };
}

/** A moment of the day as people of a country sign up: more in the afternoon and evening. */
export function moment(dice, { start, days, surge }, country) {
  for (;;) {
    const at = start + dice.between(0, days * dayMs);
    const hour = new Date(at).getUTCHours() + offsetOf(country);
    const busy = 0.25 + 0.75 * Math.max(0, Math.sin((Math.PI * (((hour + 24) % 24) - 7)) / 17));
    const more = surge !== undefined && at > surge.from && at < surge.from + dayMs ? 1 : 1 / (surge?.factor ?? 1);
    if (dice.chance(busy * more)) return at;
  }
}

const offsets = {
  US: -6,
  BR: -3,
  MX: -6,
  CA: -5,
  DE: 1,
  FR: 1,
  ES: 1,
  NL: 1,
  PL: 1,
  IN: 5,
  JP: 9,
  KR: 9,
  CN: 8,
  TW: 8,
  SG: 8,
  ID: 7,
  VN: 7,
  TR: 3,
  NG: 1,
};
const offsetOf = (country) => offsets[country.code] ?? 0;
