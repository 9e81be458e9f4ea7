import type { Label } from '../model/label.js';
import { toTenths } from '../model/points.js';
import { outcomeRank } from '../model/policy.js';
import { type Outcome, outcomes } from '../model/rule.js';
import { type Instant, toIso } from '../model/time.js';
import { AccountTable, codedLabel, labelCode, type SavedAccounts } from './account-table.js';
import type { BacktestRow } from './backtest-source.js';
import { ChangeMatrix } from './change-matrix.js';
import type { JudgedRow } from './column-judge.js';
import { crowdTraits, TraitValues } from './crowd-table.js';
import { type Effects, EffectTable, type RuleEffect } from './effects.js';
import type { Example } from './report.js';
import { effectsOf, type HitEffect } from './rule-effects.js';
import { RuleTally, type SavedTally } from './rule-tally.js';

interface TallyOptions {
  readonly rules: readonly string[];
  readonly labels: ReadonlyMap<string, Label>;
  readonly examples: number;
  /** How ids of accounts and events are shown. */
  readonly showId: (id: string) => string;
  /** Where rows have what crowds are told by; parallel to `crowdTraits`. */
  readonly traitPlaces: readonly number[];
}

/** Columns of the table of accounts; traits follow. */
const column = { label: 0, effects: 1, before: 2, traits: 3 } as const;

export const isHeld = (outcome: Outcome): boolean => outcomeRank[outcome] >= outcomeRank.hold;

const noOutcomes = (): Record<Outcome, number> => ({ allow: 0, limit: 0, hold: 0, deny: 0 });

const noRules: readonly RuleEffect[] = [];

/** One account as everything has left it. */
export interface TalliedAccount {
  readonly label: Label | undefined;
  readonly effects: Effects;
  /** Of the baseline; `allow` without one. */
  readonly before: Outcome;
  /** Numbers of its traits; zeros unless it is honest. */
  readonly traits: readonly number[];
}

/** Everything that was found so far. */
export class Tally {
  events = 0;
  from: Instant = Number.POSITIVE_INFINITY;
  to: Instant = Number.NEGATIVE_INFINITY;
  readonly outcomes = noOutcomes();
  readonly outcomesBefore = noOutcomes();
  readonly changes = new ChangeMatrix();
  readonly changeExamples: Example[] = [];
  readonly ruleTallies: readonly RuleTally[];
  readonly traitValues = crowdTraits.map(() => new TraitValues());
  private readonly accounts = new AccountTable(column.traits + crowdTraits.length);
  private readonly effectTable = new EffectTable();
  private readonly ruleNumbers: ReadonlyMap<string, number>;

  constructor(private readonly options: TallyOptions) {
    this.ruleTallies = options.rules.map(() => new RuleTally());
    this.ruleNumbers = new Map(options.rules.map((id, number) => [id, number]));
  }

  get accountCount(): number {
    return this.accounts.size;
  }

  /** `before`: what the baseline makes of the same row. */
  add(judged: JudgedRow, before: Outcome | undefined): void {
    const { row, decided } = judged;
    const account = this.account(row);
    this.events++;
    this.from = Math.min(this.from, row.at);
    this.to = Math.max(this.to, row.at);
    this.outcomes[decided.outcome]++;
    const label = codedLabel(this.accounts.get(column.label, account));
    if (before !== undefined) this.compare(judged, { before, account, label });
    const state = this.accounts.get(column.effects, account);
    if (label === 'honest') this.keepTraits(row, account, isHeld(decided.outcome));
    this.accounts.set(column.effects, account, this.effectTable.add(state, this.effects(judged, label)));
  }

  private account({ accountId, label: told }: BacktestRow): number {
    const account = this.accounts.numberOf(accountId);
    const label = this.options.labels.get(accountId) ?? told;
    if (label !== undefined) this.accounts.set(column.label, account, labelCode[label]);
    return account;
  }

  private compare(
    { row, decided, findings }: JudgedRow,
    given: { readonly before: Outcome; readonly account: number; readonly label: Label | undefined },
  ): void {
    const { before, account, label } = given;
    this.outcomesBefore[before]++;
    const worst = Math.max(this.accounts.get(column.before, account), outcomeRank[before]);
    this.accounts.set(column.before, account, worst);
    if (before === decided.outcome) return;
    this.changes.add(before, decided.outcome);
    const alike = this.changeExamples.filter(({ from, to }) => from === before && to === decided.outcome);
    if (alike.length < this.options.examples)
      this.changeExamples.push(this.example(row, { from: before, to: decided.outcome, label, hits: findings.hits }));
  }

  /** The number of this row's effects; counts each rule that fired. */
  private effects(judged: JudgedRow, label: Label | undefined): number {
    const { row, decided, findings } = judged;
    if (findings.hits.length === 0 && findings.shadowHits.length === 0)
      return this.effectTable.numberOf({ outcome: decided.outcome, rules: noRules });
    const found = effectsOf(judged);
    const rules = found.map((effect) => {
      const { hit, isLive, otherwise } = effect;
      const rule = this.ruleNumbers.get(hit.rule.id) ?? -1;
      const tally = this.ruleTallies[rule];
      tally?.add({ points: hit.points, isLive, at: row.at });
      const [from, to] = isLive ? [otherwise, decided.outcome] : [decided.outcome, otherwise];
      tally?.change(from, to);
      if (tally?.wantsExample(from !== to, this.options.examples) === true)
        tally.addExample(
          this.example(row, { from, to, label, hits: reasonsFor(effect, found) }),
          this.options.examples,
        );
      return { rule, isLive, otherwise };
    });
    if (rules.length > 1) rules.sort((a, b) => a.rule - b.rule);
    return this.effectTable.numberOf({ outcome: decided.outcome, rules });
  }

  /** What an honest account is told apart by: as it was when it was held, else as it was first. */
  private keepTraits({ readings }: BacktestRow, account: number, held: boolean): void {
    for (const [trait, place] of this.options.traitPlaces.entries()) {
      if (!held && this.accounts.get(column.traits + trait, account) !== 0) continue;
      const value = this.traitValues[trait]?.numberOf(readings[place]) ?? 0;
      if (value !== 0) this.accounts.set(column.traits + trait, account, value);
    }
  }

  private example(
    row: BacktestRow,
    { from, to, label, hits }: Pick<Example, 'from' | 'to'> & { label: Label | undefined; hits: readonly ShownHit[] },
  ): Example {
    const { showId } = this.options;
    return {
      event_id: showId(row.eventId),
      account_id: showId(row.accountId),
      type: row.type,
      at: toIso(row.at),
      from,
      to,
      label: label ?? null,
      reasons: hits.slice(0, 6).map(({ rule, points, title }) => ({
        rule: rule.id,
        points: toTenths(points),
        title,
      })),
    };
  }

  /** Each account once, in the order of its first event. */
  *everyAccount(): Generator<TalliedAccount> {
    for (let account = 0; account < this.accounts.size; account++) {
      const get = (place: number): number => this.accounts.get(place, account);
      yield {
        label: codedLabel(get(column.label)),
        effects: this.effectTable.of(get(column.effects)),
        before: outcomes[get(column.before)] ?? 'allow',
        traits: crowdTraits.map((_, trait) => get(column.traits + trait)),
      };
    }
  }

  /** For a checkpoint: plain data. */
  save(): SavedState {
    const { events, from, to, outcomes: now, outcomesBefore, changeExamples } = this;
    return {
      plain: { events, from, to, now: { ...now }, outcomesBefore: { ...outcomesBefore }, changeExamples },
      changes: this.changes.save(),
      rules: this.ruleTallies.map((tally) => tally.save()),
      traits: this.traitValues.map((values) => values.save()),
      accounts: this.accounts.save(),
      effects: this.effectTable.save(),
    };
  }

  /** Into a tally that is new. */
  restore({ plain, changes, rules, traits, accounts, effects }: SavedState): void {
    this.events = plain.events;
    this.from = plain.from;
    this.to = plain.to;
    Object.assign(this.outcomes, plain.now);
    Object.assign(this.outcomesBefore, plain.outcomesBefore);
    this.changeExamples.push(...plain.changeExamples);
    this.changes.restore(changes);
    for (const [rule, saved] of rules.entries()) this.ruleTallies[rule]?.restore(saved);
    for (const [trait, texts] of traits.entries()) this.traitValues[trait]?.restore(texts);
    this.accounts.restore(accounts);
    this.effectTable.restore(effects);
  }
}

type ShownHit = HitEffect['hit'];

/** The rule itself first, then the live ones beside it. */
const reasonsFor = ({ hit }: HitEffect, all: readonly HitEffect[]): ShownHit[] => [
  hit,
  ...all.filter((other) => other.isLive && other.hit !== hit).map((other) => other.hit),
];

/** What a checkpoint keeps of a tally. */
export interface SavedState {
  readonly plain: {
    readonly events: number;
    readonly from: Instant;
    readonly to: Instant;
    readonly now: Readonly<Record<Outcome, number>>;
    readonly outcomesBefore: Readonly<Record<Outcome, number>>;
    readonly changeExamples: readonly Example[];
  };
  readonly changes: Float64Array;
  readonly rules: readonly SavedTally[];
  readonly traits: readonly (readonly string[])[];
  readonly accounts: SavedAccounts;
  readonly effects: readonly Effects[];
}
