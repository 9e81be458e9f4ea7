/**
 * A third generator, of what the first two do not have: other countries, IPv6, large banks, and crowds that were left out.
 * node bench/campaigns/elsewhere/make.mjs --out DIR [--seed 1] [--honest 5000] [--fraud 600] [--days 5] [--style none|careful]
 * Writes what bench/campaigns/make.mjs writes; bench/campaigns/score.mjs reads it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventsOf } from '../account.mjs';
import { Dice } from '../dice.mjs';
import { campaignPlans, styles } from './attackers.mjs';
import { honestPlans } from './crowds.mjs';
import { habits } from './people.mjs';
import { World } from './world.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    honest: { type: 'string', default: '5000' },
    fraud: { type: 'string', default: '600' },
    days: { type: 'string', default: '5' },
    style: { type: 'string', default: 'none' },
  },
});
const { seed, style } = values;
if (values.out === undefined || !['none', ...styles].includes(style)) {
  console.error(`usage: --out DIR --style none|${styles.join('|')}`);
  process.exit(2);
}
const dayMs = 86_400_000;
const dice = new Dice(`elsewhere/${seed}/honest`);
const time = { start: Date.parse('2026-05-04T00:00:00Z'), days: Number(values.days) };
const ctx = { world: new World(new Dice(`elsewhere/${seed}/world`)), dice, time, habit: habits(dice) };
const honest = honestPlans(ctx, Number(values.honest));
const from = { ...time, start: time.start + 0.4 * time.days * dayMs, days: 0.6 * time.days };
const attack = { ...ctx, dice: new Dice(`elsewhere/${seed}/${style}`), time: from };
const fraud = style === 'none' ? [] : campaignPlans(attack, style, Number(values.fraud));

const end = time.start + time.days * dayMs;
const plans = [...honest, ...fraud]
  .filter(({ at }) => at < end)
  .sort((a, b) => a.at - b.at)
  .map((plan, i) => ({ ...plan, id: `acct_${seed}_${i}` }));
const eventDice = new Dice(`elsewhere/${seed}/events`);
/** Written over by a server: nothing of a browser. */
const bare = ({ when, event }) => {
  const { user_agent: _agent, accept_language: _language, device: _device, ...rest } = event;
  return { when, event: rest };
};
const shaped = (plan) => {
  const own = { ...plan.country, zones: [plan.country.zone], languages: [plan.country.language] };
  const events = eventsOf({ ...plan, country: own }, eventDice);
  return plan.bare ? events.map(bare) : events;
};
const events = plans.flatMap(shaped).sort((a, b) => a.when - b.when);
const truth = plans.map(({ id, fraud: isFraud = false, group, at, keyAfter, uses, perDay }) => ({
  account_id: id,
  fraud: isFraud,
  group,
  at: Math.round(at),
  first_use_at: keyAfter === undefined ? null : Math.round(at + (keyAfter + (uses?.[0]?.after ?? 600)) * 1000),
  per_day: perDay ?? null,
}));

const lines = (rows) => `${rows.join('\n')}\n`;
mkdirSync(join(values.out, 'data', 'lists'), { recursive: true });
writeFileSync(join(values.out, 'events.jsonl'), lines(events.map(({ event }) => JSON.stringify(event))));
writeFileSync(join(values.out, 'truth.jsonl'), lines(truth.map((row) => JSON.stringify(row))));
writeFileSync(join(values.out, 'data', 'asn.csv'), lines(ctx.world.asns));
writeFileSync(join(values.out, 'data', 'country.csv'), lines(ctx.world.places));
for (const [name, entries] of Object.entries(ctx.world.lists))
  writeFileSync(
    join(values.out, 'data', 'lists', `${name}.txt`),
    lines([
      '# source: made up for this campaign',
      '# date: 2026-05-04',
      `# type: ${name === 'hosting_asns' ? 'asn' : 'cidr'}`,
      ...new Set(entries),
    ]),
  );
console.log(
  JSON.stringify({
    seed,
    style,
    honest: honest.length,
    fraud: fraud.length,
    events: events.length,
    sureness: ctx.habit.sureness,
  }),
);
