import type {
  BacktestReport,
  ByLabel,
  Crowd,
  Example,
  Quality,
  RuleReport,
  RuleSetReport,
} from '../backtest/report.js';
import { outcomes } from '../model/rule.js';
import { changesText, formatCount, percent, shareText } from './backtest-figures.js';

/** The report for people: the rule set on one screen, then a block for each rule. */
export function backtestText(report: BacktestReport): string {
  const quiet = report.rules.filter((rule) => rule.accounts.all === 0);
  // Whoever asks about a rule wants to know why it did nothing.
  const isShown = (rule: RuleReport): boolean => rule.accounts.all > 0 || report.rules.length <= fewRules;
  const shown = report.rules.filter(isShown).sort((a, b) => b.accounts.all - a.accounts.all);
  return [
    ...summary(report),
    ...shown.flatMap((rule) => ['', ...ruleBlock(rule)]),
    ...(shown.length === report.rules.length ? [] : ['', ...quietLines(quiet)]),
  ].join('\n');
}

/** So many are each shown whole. */
const fewRules = 5;
const mostQuiet = 30;

const quietLines = (rules: readonly RuleReport[]): string[] => [
  `${formatCount(rules.length)} rules never fired:`,
  ...rules
    .slice(0, mostQuiet)
    .map(
      ({ id, mode, events, unknown_share }) =>
        `  ${id} (${mode}): ${formatCount(events.evaluated)} events, unknown on ${percent(unknown_share)}`,
    ),
  ...(rules.length > mostQuiet ? [`  and ${formatCount(rules.length - mostQuiet)} more, which --json tells`] : []),
];

function summary(report: BacktestReport): string[] {
  const { partial, accounts, from, to, baseline, rule_set } = report;
  return [
    ...(partial ? ['PARTIAL: ended before the last event; all figures are of what was read until then.', ''] : []),
    `${formatCount(report.events)} events of ${formatCount(accounts.all)} accounts` +
      (from === null ? '' : `, ${from} to ${to} (${report.days} days)`),
    `labels: ${formatCount(accounts.fraud)} fraud, ${formatCount(accounts.honest)} honest, ${formatCount(accounts.unlabelled)} accounts without`,
    '',
    ...ruleSetLines(baseline === null ? 'rules' : 'candidate', rule_set),
    ...(baseline === null ? [] : ruleSetLines('baseline', baseline)),
    ...changeLines(report),
    ...crowdLines(report.crowds),
    ...report.not_judged.map(
      ({ rule, inputs, share }) =>
        `not judged on ${percent(share)} of its events: ${rule} reads ${inputs.join(', ')}, which these events do not have`,
    ),
    ...report.notes.map((note) => `note: ${note}`),
  ];
}

function ruleSetLines(title: string, { version, events, accounts, held, quality }: RuleSetReport): string[] {
  const all = outcomes.reduce((sum, outcome) => sum + accounts[outcome], 0);
  const shown = (counts: Readonly<Record<string, number>>): string =>
    outcomes.map((outcome) => `${outcome} ${formatCount(counts[outcome] ?? 0)}`).join(', ');
  return [
    `${title} ${version}`,
    `  events    ${shown(events)}`,
    `  accounts  ${shown(accounts)}`,
    `  held      ${labelled(held)}${all === 0 ? '' : `, ${percent(held.all / all)} of all accounts`}`,
    ...qualityLines(quality, '  '),
  ];
}

const labelled = ({ all, fraud, honest, unlabelled }: ByLabel): string =>
  `${formatCount(all)} accounts: ${formatCount(fraud)} fraud, ${formatCount(honest)} honest, ${formatCount(unlabelled)} without a label`;

const qualityLines = (quality: Quality | null, indent: string): string[] =>
  quality === null
    ? []
    : [
        `${indent}precision ${shareText(quality.precision)}`,
        `${indent}recall    ${shareText(quality.recall)}`,
        `${indent}honest    ${shareText(quality.honest)}`,
      ];

function changeLines({ changes }: BacktestReport): string[] {
  if (changes === null) return [];
  return [
    'from the baseline to the candidate',
    `  events    ${changesText(changes.events)}`,
    `  accounts  ${changesText(changes.accounts)}`,
    `  newly held  ${labelled(changes.newly_held)}`,
    `  released    ${labelled(changes.released)}`,
    ...changes.examples.map((example) => `  ${exampleText(example)}`),
  ];
}

function crowdLines(crowds: readonly Crowd[]): string[] {
  if (crowds.length === 0) return [];
  return [
    'honest accounts that pay, by what they share',
    ...crowds.map(({ trait, value, accounts, held, held_before }) => {
      const before = held_before === undefined ? '' : `, ${formatCount(held_before)} before`;
      return `  ${formatCount(held)} of ${formatCount(accounts)} held${before}: ${trait} = ${value}`;
    }),
  ];
}

function exampleText({ account_id, event_id, type, at, from, to, label, reasons }: Example): string {
  const why = reasons.map(({ rule, points, title }) => `${rule} ${points}: ${title}`).join('; ');
  const direction = from === to ? to : `${from} to ${to}`;
  return `${at} ${type} ${account_id} (${event_id}, ${label ?? 'no label'}): ${direction}${why === '' ? '' : ` [${why}]`}`;
}

function ruleBlock(rule: RuleReport): string[] {
  const { events, points, fires_a_day, changes } = rule;
  const as = rule.mode === 'live' ? '' : ', as if live';
  const fired = [
    `fired on ${formatCount(events.fired + events.shadow)} of ${formatCount(events.evaluated)} events`,
    `${fires_a_day.mean} a day, ${formatCount(fires_a_day.most)} on the busiest`,
    `unknown on ${percent(rule.unknown_share)}`,
    ...(events.set_aside > 0 ? [`set aside on ${formatCount(events.set_aside)}`] : []),
    ...(points === null ? [] : [`points ${points.least} to ${points.most}, mean ${points.mean}`]),
    ...(rule.cost_ns === undefined ? [] : [`${formatCount(rule.cost_ns)} ns an event`]),
  ];
  return [
    `${rule.id} (${rule.family}, ${rule.mode}, ${rule.owner})`,
    `  ${fired.join('; ')}`,
    `  accounts    ${labelled(rule.accounts)}`,
    ...qualityLines(rule.quality, '  '),
    `  turns${as}  events ${changesText(changes.events)}; accounts ${changesText(changes.accounts)}`,
    `  held by no other rule  ${labelled(rule.unique)}`,
    ...(rule.overlap.length === 0 ? [] : [`  overlap     ${rule.overlap.map(overlapText).join(', ')}`]),
    ...rule.examples.map((example) => `  e.g. ${exampleText(example)}`),
  ];
}

const overlapText = ({ rule, both, jaccard }: RuleReport['overlap'][number]): string =>
  `${rule} ${percent(jaccard)} (${formatCount(both)})`;
