import type { EventType } from '../model/event-type.js';
import type { Label } from '../model/label.js';
import type { Outcome } from '../model/rule.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { BacktestRow, BacktestSource } from './backtest-source.js';
import { buildReport } from './build-report.js';
import { ColumnBlock } from './column-block.js';
import { ColumnJudge, type ConditionCounts } from './column-judge.js';
import { conditionCosts, sampledRows } from './condition-costs.js';
import { ConditionProgram } from './condition-program.js';
import { type Contender, Layout } from './contender.js';
import { crowdTraits } from './crowd-table.js';
import type { BacktestReport } from './report.js';
import { type SavedState, Tally } from './tally.js';

export interface BacktestInput {
  readonly source: BacktestSource;
  readonly ruleSet: RuleSet;
  /** What the rule set is compared with. */
  readonly baseline?: RuleSet | undefined;
  /** What keys of inputs begin with that the baseline reads otherwise than the rule set; empty by default. */
  readonly baselinePrefix?: ((name: string) => string) | undefined;
  readonly labels?: ReadonlyMap<string, Label> | undefined;
  /** Rules that are told of; all without it. */
  readonly focus?: ReadonlySet<string> | undefined;
  /** Of each rule and each kind of change; 3 by default. */
  readonly examples?: number | undefined;
  /** How ids of events and accounts are shown; masked by default. */
  readonly showId?: ((id: string) => string) | undefined;
  readonly showTrait?: ((trait: string, value: string) => string) | undefined;
  /** After each block; true ends the backtest, and the report is partial. */
  readonly onBlock?: ((events: number) => boolean | Promise<boolean>) | undefined;
  /** Was the source cut short by whoever reads it? The report is partial then. */
  readonly wasCutShort?: (() => boolean) | undefined;
  /** What an earlier run was stopped with; the source leaves out the rows that it had taken. */
  readonly resumeFrom?: SavedBacktest | undefined;
  /** Told when it is stopped, for going on later. */
  readonly onStop?: ((saved: SavedBacktest) => void) | undefined;
  /** Milliseconds of a clock that never goes back: what conditions cost is measured with it. */
  readonly elapsed?: (() => number) | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** A backtest that was stopped, as plain data. */
export interface SavedBacktest {
  /** Rows that were taken. */
  readonly rows: number;
  readonly tally: SavedState;
  readonly counts: ReadonlyMap<string, ConditionCounts>;
  readonly notStored: readonly ReadonlyMap<EventType, number>[];
}

/** Rules over past events: what they do, what they would change, and who would pay for it. */
export async function runBacktest(input: BacktestInput): Promise<BacktestReport> {
  return new Backtest(input).run();
}

/** Ids as they are shown to whoever need not know them. */
const maskId = (id: string): string => (id.length <= 6 ? `${id.slice(0, 1)}…` : `${id.slice(0, 4)}…${id.slice(-2)}`);

const noLabels: ReadonlyMap<string, Label> = new Map();

class Backtest {
  private readonly layout = new Layout();
  private readonly program = new ConditionProgram();
  private readonly contender: Contender;
  private readonly judge: ColumnJudge;
  private readonly baselineJudge: ColumnJudge | undefined;
  private readonly tally: Tally;
  private readonly block: ColumnBlock;
  /** Some rows of the first block, for measuring. */
  private sample: readonly BacktestRow[] = [];
  private isStopped = false;

  constructor(private readonly input: BacktestInput) {
    const { ruleSet, baseline, labels = noLabels, examples = 3, showId = maskId } = input;
    this.contender = this.layout.add(ruleSet);
    this.judge = new ColumnJudge(this.contender, this.program);
    if (baseline !== undefined)
      this.baselineJudge = new ColumnJudge(this.layout.add(baseline, input.baselinePrefix), this.program);
    // Without labels nobody is known to be honest.
    const traitPlaces = labels.size === 0 ? [] : crowdTraits.map((name) => this.layout.signal(name));
    const rules = ruleSet.rules.map(({ id }) => id);
    this.tally = new Tally({ rules, labels, examples, showId, traitPlaces });
    this.block = new ColumnBlock(this.layout.entries);
    this.program.groupColumns(this.block);
    if (input.resumeFrom !== undefined) this.restore(input.resumeFrom);
  }

  private restore({ tally, counts, notStored }: SavedBacktest): void {
    this.tally.restore(tally);
    for (const [rule, saved] of counts) Object.assign(this.judge.counts.get(rule) ?? {}, saved);
    for (const [place, counts] of notStored.entries())
      for (const [type, count] of counts) this.block.columns[place]?.notStored.set(type, count);
  }

  private stopped(): BacktestReport {
    this.input.onStop?.({
      rows: this.tally.events,
      tally: this.tally.save(),
      counts: this.judge.counts,
      notStored: this.block.columns.map(({ notStored }) => notStored),
    });
    return this.report();
  }

  async run(): Promise<BacktestReport> {
    const { source } = this.input;
    this.block.begin();
    for await (const rows of source.rows(this.layout.keys)) {
      for (const row of rows) {
        this.block.add(row);
        if (this.block.isFull) await this.judgeBlock();
        if (this.isStopped) return this.stopped();
      }
    }
    await this.judgeBlock();
    // Whoever wanted to stop now has everything.
    this.isStopped = false;
    return this.report();
  }

  private async judgeBlock(): Promise<void> {
    const { block, program, judge, baselineJudge, tally } = this;
    block.seal();
    if (this.input.elapsed !== undefined && this.sample.length === 0) this.sample = thinned(block.rows);
    program.run(block);
    const before: Outcome[] = [];
    baselineJudge?.judge(block, ({ decided }) => before.push(decided.outcome));
    let place = 0;
    judge.judge(block, (judged) => tally.add(judged, before[place++]));
    block.begin();
    const stops = this.input.onBlock?.(tally.events);
    this.isStopped = (stops instanceof Promise ? await stops : stops) === true;
  }

  private report(): BacktestReport {
    const { ruleSet, baseline, focus, elapsed, notes = [], showTrait = (_, value) => value } = this.input;
    const { tally, judge } = this;
    const costs = elapsed === undefined ? undefined : conditionCosts(this.contender, this.sample, elapsed);
    const core = buildReport({ costs, tally, ruleSet, baseline, conditions: judge.counts, focus, showTrait });
    return {
      partial: this.isStopped || this.input.wasCutShort?.() === true,
      ...core,
      not_judged: this.notJudged(),
      notes,
    };
  }

  /** Rules with inputs that the source does not have. */
  private notJudged(): BacktestReport['not_judged'] {
    const { ruleSet } = this.contender;
    return ruleSet.declarations.flatMap(({ info, when, points }) => {
      const evaluated = this.judge.counts.get(info.id)?.evaluated ?? 0;
      const lacking = new Map<string, number>();
      for (const { name } of [...when.reads, ...points.reads]) {
        const counts = this.block.columns[this.contender.placeOf(name)]?.notStored;
        const count = info.on.reduce((sum, type) => sum + (counts?.get(type) ?? 0), 0);
        if (count > 0) lacking.set(name, count);
      }
      if (lacking.size === 0 || evaluated === 0) return [];
      const share = Math.min(1, Math.max(...lacking.values()) / evaluated);
      return [{ rule: info.id, inputs: [...lacking.keys()].sort(), share }];
    });
  }
}

function thinned(rows: readonly BacktestRow[]): readonly BacktestRow[] {
  const every = Math.max(1, Math.floor(rows.length / sampledRows));
  return rows.filter((_, number) => number % every === 0);
}
