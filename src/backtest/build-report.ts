import type { Label } from '../model/label.js';
import { outcomeRank } from '../model/policy.js';
import type { Outcome, RuleMode } from '../model/rule.js';
import { shareOf } from '../model/share.js';
import { toIso } from '../model/time.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { ChangeMatrix } from './change-matrix.js';
import type { ConditionCounts } from './column-judge.js';
import { CrowdTable, crowdTraits } from './crowd-table.js';
import type { RuleEffect } from './effects.js';
import { Overlaps } from './overlaps.js';
import type { BacktestReport, ByLabel, Crowd, Quality, RuleReport, RuleSetReport } from './report.js';
import { isHeld, type TalliedAccount, type Tally } from './tally.js';

const dayMs = 86_400_000;
const mostCrowds = 20;
const mostOverlaps = 5;

/** Counts of accounts by label. */
class LabelCounts {
  all = 0;
  fraud = 0;
  honest = 0;

  add(label: Label | undefined): void {
    this.all++;
    if (label !== undefined) this[label]++;
  }

  get counts(): ByLabel {
    const { all, fraud, honest } = this;
    return { all, fraud, honest, unlabelled: all - fraud - honest };
  }
}

/** Null without labels: then nothing can be said. */
function qualityOf(touched: ByLabel, everyone: ByLabel): Quality | null {
  if (everyone.fraud + everyone.honest === 0) return null;
  return {
    precision: shareOf(touched.fraud, touched.fraud + touched.honest),
    recall: shareOf(touched.fraud, everyone.fraud),
    honest: shareOf(touched.honest, everyone.honest),
  };
}

/** What one rule did to accounts. */
class RuleAccounts {
  readonly touched = new LabelCounts();
  readonly unique = new LabelCounts();
  readonly changes = new ChangeMatrix();

  add({ isLive, otherwise }: RuleEffect, outcome: Outcome, label: Label | undefined): void {
    this.touched.add(label);
    const [from, to] = isLive ? [otherwise, outcome] : [outcome, otherwise];
    this.changes.add(from, to);
    if (!isHeld(from) && isHeld(to)) this.unique.add(label);
  }
}

interface ReportInput {
  readonly tally: Tally;
  readonly ruleSet: RuleSet;
  readonly baseline: RuleSet | undefined;
  readonly conditions: ReadonlyMap<string, ConditionCounts>;
  /** Nanoseconds of each condition, where they were measured. */
  readonly costs?: ReadonlyMap<string, number> | undefined;
  /** Rules that are told of; all without it. */
  readonly focus: ReadonlySet<string> | undefined;
  /** How a trait's value is shown. */
  readonly showTrait: (trait: string, value: string) => string;
}

/** All accounts, gone over once. */
class AccountSummary {
  readonly everyone = new LabelCounts();
  readonly held = new LabelCounts();
  readonly heldBefore = new LabelCounts();
  readonly newlyHeld = new LabelCounts();
  readonly released = new LabelCounts();
  readonly changes = new ChangeMatrix();
  readonly outcomes: Record<Outcome, number> = { allow: 0, limit: 0, hold: 0, deny: 0 };
  readonly outcomesBefore: Record<Outcome, number> = { allow: 0, limit: 0, hold: 0, deny: 0 };
  readonly rules: readonly RuleAccounts[];
  readonly overlaps = new Overlaps();
  readonly crowds = crowdTraits.map(() => new CrowdTable());

  constructor(tally: Tally) {
    this.rules = tally.ruleTallies.map(() => new RuleAccounts());
    for (const account of tally.everyAccount()) this.add(account);
  }

  private add({ label, effects, before, traits }: TalliedAccount): void {
    const { outcome, rules } = effects;
    this.everyone.add(label);
    this.outcomes[outcome]++;
    this.outcomesBefore[before]++;
    this.changes.add(before, outcome);
    const [held, heldBefore] = [isHeld(outcome), isHeld(before)];
    if (held) this.held.add(label);
    if (heldBefore) this.heldBefore.add(label);
    if (held && !heldBefore) this.newlyHeld.add(label);
    if (!held && heldBefore) this.released.add(label);
    for (const effect of rules) this.rules[effect.rule]?.add(effect, outcome, label);
    this.overlaps.add(rules);
    if (label === 'honest')
      for (const [trait, value] of traits.entries()) this.crowds[trait]?.add(value, { held, heldBefore });
  }
}

type CoreReport = Omit<BacktestReport, 'partial' | 'not_judged' | 'notes'>;

export function buildReport(input: ReportInput): CoreReport {
  const { tally, ruleSet, baseline } = input;
  const summary = new AccountSummary(tally);
  const everyone = summary.everyone.counts;
  const days = tally.events === 0 ? 0 : Math.max(1, (tally.to - tally.from) / dayMs);
  const about = ({ version, hash }: RuleSet) => ({ version, hash });
  const of = (held: ByLabel): Pick<RuleSetReport, 'held' | 'quality'> => ({ held, quality: qualityOf(held, everyone) });
  return {
    events: tally.events,
    accounts: everyone,
    from: tally.events === 0 ? null : toIso(tally.from),
    to: tally.events === 0 ? null : toIso(tally.to),
    days: Math.round(days * 100) / 100,
    rule_set: {
      ...about(ruleSet),
      events: tally.outcomes,
      accounts: summary.outcomes,
      ...of(summary.held.counts),
    },
    baseline:
      baseline === undefined
        ? null
        : {
            ...about(baseline),
            events: tally.outcomesBefore,
            accounts: summary.outcomesBefore,
            ...of(summary.heldBefore.counts),
          },
    changes: baseline === undefined ? null : changesOf(tally, summary),
    crowds: crowdsOf(input, summary),
    rules: ruleReports(input, summary, { everyone, days }),
  };
}

const changesOf = (tally: Tally, summary: AccountSummary) => ({
  events: tally.changes.changes(),
  accounts: summary.changes.changes(),
  newly_held: summary.newlyHeld.counts,
  released: summary.released.counts,
  examples: [...tally.changeExamples].sort((a, b) => outcomeRank[b.to] - outcomeRank[a.to]),
});

function crowdsOf({ tally, baseline, showTrait }: ReportInput, { crowds, everyone, held }: AccountSummary): Crowd[] {
  const usual = held.honest / Math.max(1, everyone.honest);
  const hasBaseline = baseline !== undefined;
  return crowdTraits
    .flatMap((trait, number) => {
      const show = (value: number): string => showTrait(trait, tally.traitValues[number]?.textOf(value) ?? '');
      return crowds[number]?.crowds({ trait, show, usual, hasBaseline }) ?? [];
    })
    .sort((a, b) => b.held - a.held || (a.value < b.value ? -1 : 1))
    .slice(0, mostCrowds);
}

const modeText = (mode: RuleMode): string => (typeof mode === 'string' ? mode : `rollout ${mode.rollout * 100}%`);

function ruleReports(
  { tally, ruleSet, conditions, focus, costs }: ReportInput,
  summary: AccountSummary,
  { everyone, days }: { readonly everyone: ByLabel; readonly days: number },
): RuleReport[] {
  const ids = ruleSet.rules.map(({ id }) => id);
  return ruleSet.rules.flatMap(({ id, family, mode, owner }, number) => {
    const rule = tally.ruleTallies[number];
    const accounts = summary.rules[number];
    if (rule === undefined || accounts === undefined || focus?.has(id) === false || mode === 'off') return [];
    const { evaluated, isTrue, unknown } = conditions.get(id) ?? { evaluated: 0, isTrue: 0, unknown: 0 };
    const cost = costs?.get(id);
    const hits = rule.fired + rule.shadow;
    const touched = accounts.touched.counts;
    const overlap = summary.overlaps.top(number, {
      most: mostOverlaps,
      accountsOf: (other) => summary.rules[other]?.touched.all ?? 0,
    });
    return {
      id,
      family,
      mode: modeText(mode),
      owner,
      events: { evaluated, fired: rule.fired, shadow: rule.shadow, unknown, set_aside: isTrue - hits },
      fires_a_day: { mean: days === 0 ? 0 : Math.round((hits / days) * 100) / 100, most: rule.mostADay() },
      unknown_share: evaluated === 0 ? 0 : unknown / evaluated,
      points: rule.points,
      accounts: touched,
      quality: qualityOf(touched, everyone),
      changes: { events: rule.changes.changes(), accounts: accounts.changes.changes() },
      unique: accounts.unique.counts,
      overlap: overlap.map(({ rule: other, both, jaccard }) => ({ rule: ids[other] ?? '', both, jaccard })),
      examples: rule.examples,
      ...(cost === undefined ? {} : { cost_ns: cost }),
    };
  });
}
