import { defineCommand, print, printJson } from './command-arguments.js';
import { notOurs } from './kept-rule-set.js';
import { openServiceClient } from './service-client.js';
import {
  fetchTrial,
  modeWords,
  percentText,
  shareText,
  sinceOf,
  type TrialReport,
  type TrialRule,
} from './trial-report.js';

const usage = `usage: portcullis rules shadow [--since 7d] [--json]

Asks the running service (HOST, PORT) what rules in shadow, in a roll-out or with a blown fuse would do if they counted:
how often they fire, decisions that would change, precision and recall by labels, honest accounts that would pay, overlap
with other rules, and whether they may be promoted.
  --since 7d  decisions from this time on, at most 90 days
Exit status: 0, or 1 when the service cannot be asked.`;

/** `rules shadow` */
export const run = defineCommand({
  usage,
  options: { since: { type: 'string' }, json: { type: 'boolean' } },
  async run(args, environment) {
    const since = sinceOf(args.text('since'), Date.now());
    const client = await openServiceClient(environment);
    const report = await fetchTrial(client, { since });
    if (report === undefined) throw notOurs(client);
    if (args.flag('json')) printJson({ ...report.evidence, rules: report.data, candidate: report.candidate });
    else print(reportText(report, Date.now()));
    return 0;
  },
});

function reportText({ data, evidence, candidate }: TrialReport, now: number): string {
  const { decisions, accounts, fraud, honest, complete, since } = evidence;
  const looked = `${decisions} decisions on ${accounts} accounts since ${since.slice(0, 16)}Z${complete ? '' : ' (the newest; there are more)'}`;
  const labelled = `${fraud} accounts labelled as fraud, ${honest} as honest`;
  return [
    `${looked}; ${labelled}`,
    ...(data.length === 0 ? ['No rule is on trial.'] : data.map((rule) => `\n${trialText(rule, now)}`)),
    ...(candidate === null ? [] : [`\n${candidateText(candidate)}`]),
  ].join('\n');
}

/** The rule set of REPORT_RULES_DIR. */
const candidateText = ({ ruleset, decisions, changes, ...accounts }: NonNullable<TrialReport['candidate']>): string =>
  [
    `rule set ${ruleset}, judged beside the one in use`,
    `  would change  ${changesText(changes)}; ${decisions} decisions looked at`,
    `                ${accounts.newly_held} accounts would be held, ${accounts.newly_limited} limited`,
    `  honest pay    ${honestText(accounts.honest_pay)}`,
  ].join('\n');

const honestText = (count: number): string => `${count} honest ${count === 1 ? 'account' : 'accounts'}`;

/** One rule, a line for each question. */
function trialText(rule: TrialRule, now: number): string {
  const { evidence, counts, advice } = rule;
  const { last_24h: day, last_7d: week } = counts;
  const lines: [string, string][] = [
    ['mode', `${modeWords(rule.mode)} for ${daysText(now - Date.parse(rule.mode_since))}; owner ${rule.owner}`],
    ...fuseLine(rule),
    ['fires', `${day.fired} times of ${day.evaluated} in 24 hours, ${week.fired} of ${week.evaluated} in 7 days`],
    ['unknown', `${shareText(week.unknown)} sampled`],
    ['would change', changesText(evidence.changes)],
    ['', `${evidence.newly_held} accounts would be held, ${evidence.newly_limited} limited`],
    ['precision', shareText(evidence.precision)],
    ['recall', shareText(evidence.recall)],
    ['honest pay', honestText(evidence.honest_pay)],
    ['overlap', overlapText(evidence.overlap)],
    ['advice', [advice.recommendation, ...advice.reasons.map((reason) => `- ${reason}`)].join('\n                ')],
  ];
  return [rule.id, ...lines.map(([what, text]) => `  ${what.padEnd(12)}  ${text}`)].join('\n');
}

function fuseLine({ fuse_blown: blown }: TrialRule): [string, string][] {
  if (blown === null) return [];
  return [['fuse', `blew on ${blown.blown_at.slice(0, 16)}Z: ${blown.hits} of ${blown.events} events`]];
}

const daysText = (ms: number): string => {
  const hours = ms / 3_600_000;
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
};

const changesText = (changes: TrialRule['evidence']['changes']): string =>
  changes.length === 0
    ? 'no decision'
    : changes.map(({ from, to, decisions }) => `${decisions} from ${from} to ${to}`).join(', ');

const overlapText = (overlap: TrialRule['evidence']['overlap']): string =>
  overlap.length === 0
    ? 'fires alone'
    : overlap.map(({ rule, share }) => `${rule} (${percentText(share)} of its accounts)`).join(', ');
