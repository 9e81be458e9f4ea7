import { abusiveCrowds } from './crowds.mjs';

const rank = ['allow', 'limit', 'hold', 'deny'];

/** What became of each account is the strictest outcome of its events. */
export function summarize(results) {
  const accounts = new Map();
  const failures = new Map();
  for (const { crowd, accountId, status, decision } of results) {
    if (decision === undefined) {
      failures.set(status, (failures.get(status) ?? 0) + 1);
      continue;
    }
    const account = accounts.get(accountId) ?? { crowd, outcome: 'allow', rules: new Set() };
    if (rank.indexOf(decision.outcome) > rank.indexOf(account.outcome)) account.outcome = decision.outcome;
    for (const reason of decision.reasons) account.rules.add(reason.rule);
    accounts.set(accountId, account);
  }
  const crowds = {};
  const rules = {};
  for (const { crowd, outcome, rules: fired } of accounts.values()) {
    crowds[crowd] ??= { honest: !(crowd in abusiveCrowds), accounts: 0, allow: 0, limit: 0, hold: 0, deny: 0 };
    crowds[crowd].accounts++;
    crowds[crowd][outcome]++;
    for (const rule of fired) {
      rules[rule] ??= {};
      rules[rule][crowd] = (rules[rule][crowd] ?? 0) + 1;
    }
  }
  return {
    honest: total(crowds, true),
    abusive: total(crowds, false),
    crowds,
    rules,
    failures: Object.fromEntries(failures),
  };
}

function total(crowds, honest) {
  const sum = { accounts: 0, allow: 0, limit: 0, hold: 0, deny: 0 };
  for (const crowd of Object.values(crowds)) {
    if (crowd.honest !== honest) continue;
    for (const key of Object.keys(sum)) sum[key] += crowd[key];
  }
  return {
    ...sum,
    admitted_share: share(sum.allow, sum.accounts),
    held_share: share(sum.hold + sum.deny, sum.accounts),
  };
}

const share = (part, whole) => (whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 10_000);
const percent = (part, whole) => `${(100 * share(part, whole)).toFixed(1)} %`.padStart(8);

export function printReport(summary, write) {
  write(
    `${'crowd'.padEnd(24)}${'accounts'.padStart(9)}${'allow'.padStart(9)}${'limit'.padStart(9)}${'hold'.padStart(9)}`,
  );
  const line = (name, row) =>
    write(
      `${name.padEnd(24)}${String(row.accounts).padStart(9)} ${percent(row.allow, row.accounts)} ${percent(row.limit, row.accounts)} ${percent(row.hold + row.deny, row.accounts)}`,
    );
  for (const [name, row] of Object.entries(summary.crowds)) line(name, row);
  line('all honest', summary.honest);
  line('all abusive', summary.abusive);
  write('\nrules that fired (accounts per crowd)');
  for (const [rule, crowds] of Object.entries(summary.rules).sort(([a], [b]) => (a < b ? -1 : 1)))
    write(
      `  ${rule}: ${Object.entries(crowds)
        .sort((a, b) => b[1] - a[1])
        .map(([crowd, times]) => `${crowd} ${times}`)
        .join(', ')}`,
    );
  if (Object.keys(summary.failures).length > 0) write(`\nnot decided, by status: ${JSON.stringify(summary.failures)}`);
}
