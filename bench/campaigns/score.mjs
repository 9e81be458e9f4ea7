/**
 * What replay's output caught of a campaign and what it cost honest people: node bench/campaigns/score.mjs DIR OUT.jsonl [--rules]
 * in_ring: of those that are held in the end, how many are in the case of a whole ring.
 * DIR/truth.jsonl: lines `{account_id, fraud, group, at, first_use_at, per_day}`. Held = held or denied.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rules: { type: 'boolean' }, json: { type: 'boolean' } },
});
const [directory, out] = positionals;
const dayMs = 86_400_000;
const quotaADay = 50;
/** Of all limited accounts of one ring together. */
const ringQuotaADay = 1000;
const isHeld = (state) => state === 'held' || state === 'denied';

const accounts = new Map();
for (const line of readFileSync(join(directory, 'truth.jsonl'), 'utf8').trim().split('\n')) {
  const truth = JSON.parse(line);
  accounts.set(truth.account_id, { ...common(truth), changes: [], rules: new Set(), inRingCase: false });
}

/** What `portcullis simulate` writes is read as well. */
function common(truth) {
  if (truth.kind === undefined) return truth;
  const { account_id, kind, crowd, tier, pool, signup_at, first_use_at, exchanges_per_day: per_day } = truth;
  const fraud = kind === 'fraud';
  const group = fraud ? `${tier} ${pool}` : crowd;
  const first = first_use_at === null ? null : Date.parse(first_use_at);
  return { account_id, fraud, group, at: Date.parse(signup_at), first_use_at: first, per_day };
}

/** Of rings that merged: a name to a later one. */
const laterNames = new Map();
const nameOf = (ring) => (laterNames.has(ring) ? nameOf(laterNames.get(ring)) : ring);

/** Accounts with outcomes that the truth does not know. */
const strangers = new Set();

for await (const line of createInterface({ input: createReadStream(out) })) read(JSON.parse(line));

// An account without a decision is one of which nothing is known: scored, it would pass for one that was let in.
const silent = [...accounts.values()].filter(({ signup }) => signup === undefined).length;
if (silent > 0 || strangers.size > 0) {
  console.error(
    `${out}: ${silent} of ${accounts.size} accounts without a decision, ${strangers.size} not in the truth`,
  );
  process.exit(1);
}

function read(row) {
  for (const { account_id, whole_ring } of row.cases ?? []) {
    const moved = accounts.get(account_id);
    if (moved !== undefined) moved.inRingCase = whole_ring;
  }
  const account = accounts.get(row.account_id);
  if (account === undefined) {
    strangers.add(row.account_id);
    return;
  }
  const at = Date.parse(row.at);
  const state = row.kind === 'decision' ? row.state : row.to;
  if (account.changes.at(-1)?.state !== state)
    account.changes.push({ at, state, cause: row.kind === 'decision' ? row.type : row.cause });
  if (row.type === 'signup') account.signup = state;
  for (const rule of row.rules ?? []) account.rules.add(rule);
  if (row.ring_id) {
    const [before, after] = [account.ringId ?? row.ring_id, row.ring_id].map(nameOf);
    if (before !== after) laterNames.set(before, after);
    account.ringId = row.ring_id;
  }
}

function judged(account) {
  const heldAt = account.changes.find(({ state }) => isHeld(state))?.at ?? Number.POSITIVE_INFINITY;
  const limited = account.changes.some(({ state }) => state === 'limited');
  return {
    ...account,
    heldAt,
    limited,
    atSignup: isHeld(account.signup),
    beforeUse: heldAt <= (account.first_use_at ?? account.at + dayMs),
    within24h: heldAt <= account.at + dayMs,
    held: heldAt < Number.POSITIVE_INFINITY,
  };
}

/** Exchanges of an account over its natural life, and what was left of them by holds, and by holds and quotas. */
function exchanges(account) {
  const from = account.first_use_at ?? account.at + dayMs;
  const life = (account.per_day > 300 ? 1.3 : 20) * dayMs;
  const total = (account.per_day * life) / dayMs;
  const drawn = (account.per_day * Math.max(0, Math.min(life, account.heldAt - from))) / dayMs;
  return {
    total,
    drawn,
    withLimits: account.limited
      ? Math.min(drawn, (quotaADay * Math.max(0, Math.min(life, account.heldAt - from))) / dayMs)
      : drawn,
    until: Math.min(from + life, account.heldAt),
    from,
  };
}

/** What the limited of rings would draw within their own quotas, but not within their ring's of each day (UTC). */
function beyondRings(items) {
  const drawn = new Map();
  for (const account of items.filter((one) => one.limited && one.ringId !== undefined)) {
    const { from, until, withLimits } = exchanges(account);
    if (until <= from) continue;
    for (let day = Math.floor(from / dayMs); day * dayMs < until; day++) {
      const share = (Math.min(until, (day + 1) * dayMs) - Math.max(from, day * dayMs)) / (until - from);
      const key = `${nameOf(account.ringId)} ${day}`;
      drawn.set(key, (drawn.get(key) ?? 0) + withLimits * share);
    }
  }
  return [...drawn.values()].reduce((beyond, one) => beyond + Math.max(0, one - ringQuotaADay), 0);
}

const groups = new Map();
for (const account of accounts.values()) {
  const key = `${account.fraud ? '*' : ' '} ${account.group}`;
  groups.set(key, [...(groups.get(key) ?? []), judged(account)]);
}
const everyone = [...groups.values()].flat();
const percent = (items, test) =>
  items.length === 0 ? '-' : `${((100 * items.filter(test).length) / items.length).toFixed(2)}`;
const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

function row(name, items) {
  const base = {
    group: name,
    n: items.length,
    signup: percent(items, (a) => a.atSignup),
    first_use: percent(items, (a) => a.beforeUse),
    day: percent(items, (a) => a.within24h),
    held: percent(items, (a) => a.held),
    limited: percent(items, (a) => a.limited && !a.held),
  };
  if (!items[0]?.fraud) return base;
  const drawn = items.map(exchanges);
  const total = sum(drawn, (d) => d.total);
  return {
    ...base,
    by_holds: (100 * (1 - sum(drawn, (d) => d.drawn) / total)).toFixed(1),
    with_limits: (100 * (1 - (sum(drawn, (d) => d.withLimits) - beyondRings(items)) / total)).toFixed(1),
    in_ring: percent(
      items.filter((a) => isHeld(a.changes.at(-1)?.state)),
      (a) => a.inRingCase,
    ),
    before_hold: firstHold(items),
  };
}

/** Accounts of the group before its first hold, and minutes since its first account. */
function firstHold(items) {
  const ordered = [...items].sort((a, b) => a.at - b.at);
  const at = Math.min(...items.map((a) => a.heldAt));
  return at === Number.POSITIVE_INFINITY
    ? 'never'
    : `${ordered.filter((a) => a.at <= at).length}/${Math.round((at - ordered[0].at) / 60_000)}min`;
}

const fraud = everyone.filter((a) => a.fraud);
const honest = everyone.filter((a) => !a.fraud);
const table = [
  ...[...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, items]) => row(name, items)),
  row('ALL fraud', fraud),
  row('ALL honest', honest),
];
if (values.json) console.log(JSON.stringify(table));
else console.table(Object.fromEntries(table.map(({ group, ...rest }) => [group, rest])));

if (values.rules) {
  const counts = new Map();
  for (const a of everyone)
    for (const rule of a.rules) {
      const count = counts.get(rule) ?? { rule, fraud: 0, honest: 0, heldHonest: 0 };
      counts.set(rule, count);
      count[a.fraud ? 'fraud' : 'honest']++;
      if (!a.fraud && a.held) count.heldHonest++;
    }
  console.table(
    [...counts.values()]
      .map((c) => ({
        ...c,
        fraud_pct: ((100 * c.fraud) / Math.max(1, fraud.length)).toFixed(1),
        honest_pct: ((100 * c.honest) / honest.length).toFixed(2),
      }))
      .sort((a, b) => b.fraud - a.fraud),
  );
}
