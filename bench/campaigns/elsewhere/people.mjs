import { humanUses } from '../account.mjs';
import { model, owned } from '../machines.mjs';
import { mailName } from './world.mjs';

const dayMs = 86_400_000;

/** How honest people are in this seed. `sureness`: what the caller's device service says of its fingerprints. */
export const habits = (dice) => ({
  payAtSignup: dice.between(0, 0.7),
  payLater: dice.between(0.1, 0.5),
  keys: dice.between(0.4, 0.9),
  uses: dice.between(0.1, 0.4),
  keyMedian: dice.scale(60, 3600),
  fintech: dice.between(0.03, 0.2),
  phones: dice.one([0, 0.3, 1]),
  sureness: dice.one(['graded', 'graded', 'none', 'always']),
});

export function cardOf({ world, dice, habit }, country) {
  const neo = dice.chance(habit.fintech);
  const bin = neo ? dice.one(world.fintech) : dice.ranked(country.banks, 1.1);
  return {
    fingerprint: `card_${dice.text(16, '0123456789abcdef')}`,
    bin,
    brand: bin[0] === '4' ? 'visa' : 'mastercard',
    funding: neo ? dice.one(['debit', 'virtual', 'prepaid']) : dice.one(['credit', 'debit', 'debit']),
    country: neo ? dice.one(['SE', country.code]) : country.code,
  };
}

/** A machine of this person's own; `image` given: what an employer or a school hands out. */
export function machineOf({ dice, habit }, country, image = model(dice)) {
  const machine = {
    ...owned(dice, image, { ...country, zones: [country.zone], languages: [country.language, 'en-US'] }, country.zone),
    major: image.major,
  };
  if (habit.sureness === 'graded') return machine;
  return { ...machine, confidence: habit.sureness === 'none' ? undefined : 0.99 };
}

export function person(ctx, given = {}) {
  const { world, dice, habit } = ctx;
  const country = given.country ?? world.country();
  const machine = given.machine ?? machineOf(ctx, country);
  const pays = dice.unit();
  const card =
    pays < habit.payAtSignup
      ? { card: cardOf(ctx, country) }
      : pays < habit.payAtSignup + habit.payLater
        ? { card: cardOf(ctx, country), payAfter: dice.delay(700, 1.6) }
        : {};
  const plan = {
    ip: world.home(country),
    formMs: Math.round(dice.delay(11_000, 0.8)),
    email: `${mailName(world, dice)}@${dice.chance(0.08) ? world.domain() : dice.ranked(country.mail, 1.8)}`,
    phone: dice.chance(habit.phones)
      ? `${country.phone}${dice.text(Math.max(5, 12 - country.phone.length), '0123456789')}`
      : undefined,
    path: dice.weighted([
      ['standard', 80],
      ['education', 12],
      ['startup', 8],
    ]),
    referrer: 'search',
    keyAfter: dice.chance(habit.keys) ? dice.delay(habit.keyMedian, 1.4) : undefined,
    ...card,
    ...given,
    country,
    machine,
  };
  const uses = plan.keyAfter !== undefined && dice.chance(habit.uses) ? humanUses(dice, plan.ip) : [];
  return { ...plan, uses: plan.uses ?? uses };
}

/** Awake from eight to one at night, at the account's own place. */
export function moment(dice, { start, days }, country) {
  for (;;) {
    const at = start + dice.between(0, days * dayMs);
    const hour = (new Date(at).getUTCHours() + country.offset + 24) % 24;
    if (dice.chance(hour >= 8 || hour < 1 ? 1 : 0.12)) return at;
  }
}
