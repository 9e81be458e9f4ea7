/**
 * A second generator of campaigns and honest crowds, apart from `portcullis simulate`, so that rules are not tuned to one.
 * node bench/campaigns/make.mjs --out DIR [--seed 1] [--honest 20000] [--fraud 3000] [--days 6] [--style reported,careful]
 *   [--lists full|none] [--from 0.4] [--sure-of-models]
 * `--from`: the share of the days after which the campaigns begin. 0 = the file begins in the middle of them, so that they are part
 * of what is usual.
 * Writes events.jsonl, truth.jsonl and data/ (networks and lists of this made-up internet, for `replay --data`).
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventsOf } from './account.mjs';
import { campaignPlans, shapes } from './attackers.mjs';
import { honestPlans } from './crowds.mjs';
import { Dice } from './dice.mjs';
import { habits } from './people.mjs';
import { World } from './world.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    honest: { type: 'string', default: '20000' },
    fraud: { type: 'string', default: '3000' },
    days: { type: 'string', default: '6' },
    style: { type: 'string', default: 'reported' },
    lists: { type: 'string', default: 'full' },
    from: { type: 'string', default: '0.4' },
    'sure-of-models': { type: 'boolean', default: false },
  },
});
const unknown = values.style.split(',').filter((style) => style !== 'none' && !(style in shapes));
if (values.out === undefined || unknown.length > 0) {
  console.error(
    `usage: --out DIR --style ${Object.keys(shapes).join('|')}|none${unknown.length > 0 ? ` (not: ${unknown})` : ''}`,
  );
  process.exit(2);
}

const { seed } = values;
const world = new World(new Dice(`${seed}/world`));
const time = { start: Date.parse('2026-05-04T00:00:00Z'), days: Number(values.days) };
const honestDice = new Dice(`${seed}/honest`);
if (honestDice.chance(0.3))
  time.surge = { from: time.start + honestDice.between(0, time.days - 1) * 86_400_000, factor: 4 };
const honest = honestPlans({ world, dice: honestDice, time, habit: habits(honestDice) }, Number(values.honest));
/** A browser comes out on the way: half of its users have it within two days. */
const release = honestDice.chance(0.5)
  ? time.start + honestDice.between(0, time.days) * 86_400_000
  : Number.POSITIVE_INFINITY;
for (const plan of honest) {
  const { browser, major } = plan.machine;
  const adopted = 0.5 * Math.min(1, Math.max(0, (plan.at - release) / (2 * 86_400_000)));
  if ((browser === 'chrome' || browser === 'edge') && major === 147 && honestDice.chance(adopted))
    plan.machine = { ...plan.machine, major: 148 };
}
if (values['sure-of-models'])
  for (const plan of honest)
    if (plan.machine.fingerprint?.startsWith('common_')) plan.machine = { ...plan.machine, ...ofModel(plan.machine) };

function ofModel({ os, screen, gpu }) {
  return { fingerprint: `model_${[os, screen, gpu].join('_').replaceAll(/[^a-z0-9]+/gi, '_')}`, confidence: 0.93 };
}

const from = Number(values.from);
const attack = { start: time.start + from * time.days * 86_400_000, days: time.days * (1 - from) };
const campaigns =
  values.style === 'none'
    ? []
    : values.style
        .split(',')
        .flatMap((style, i, all) =>
          campaignPlans(
            { world, dice: new Dice(`${seed}/${style}/${i}`), time: attack },
            style,
            Math.round(Number(values.fraud) / all.length),
          ),
        );

const plans = [...honest, ...campaigns]
  .sort((a, b) => a.at - b.at)
  .map((plan, i) => ({ ...plan, id: `acct_${seed}_${i}` }));
const eventDice = new Dice(`${seed}/events`);
const events = plans.flatMap((plan) => eventsOf(plan, eventDice)).sort((a, b) => a.when - b.when);
const truth = plans.map((plan) => {
  const first = plan.uses?.[0]?.after;
  return {
    account_id: plan.id,
    fraud: plan.fraud === true,
    group: plan.group,
    at: Math.round(plan.at),
    first_use_at: plan.keyAfter === undefined ? null : Math.round(plan.at + (plan.keyAfter + (first ?? 600)) * 1000),
    per_day: plan.perDay ?? null,
  };
});

mkdirSync(join(values.out, 'data', 'lists'), { recursive: true });
const lines = (rows) => `${rows.join('\n')}\n`;

/** A million accounts are more than one text can hold. */
function writeRows(name, rows) {
  const path = join(values.out, name);
  writeFileSync(path, '');
  for (let first = 0; first < rows.length; first += 50_000)
    appendFileSync(path, lines(rows.slice(first, first + 50_000).map((row) => JSON.stringify(row))));
}

writeRows(
  'events.jsonl',
  events.map(({ event }) => event),
);
writeRows('truth.jsonl', truth);
writeFileSync(join(values.out, 'data', 'asn.csv'), lines(world.asns));
writeFileSync(join(values.out, 'data', 'country.csv'), lines(world.places));
const types = {
  vpn: 'cidr',
  hosting_asns: 'asn',
  relay: 'cidr',
  residential_proxy: 'cidr',
  shared_network: 'cidr',
  public_proxy: 'cidr',
};
if (values.lists === 'full')
  for (const [name, entries] of Object.entries(world.lists))
    writeFileSync(
      join(values.out, 'data', 'lists', `${name}.txt`),
      lines([
        `# source: made up for this campaign`,
        '# date: 2026-05-04',
        `# type: ${types[name]}`,
        ...new Set(entries),
      ]),
    );
console.log(JSON.stringify({ seed, honest: honest.length, fraud: campaigns.length, events: events.length }));
