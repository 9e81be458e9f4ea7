import { type DecideContext, type Decided, decide } from '../decisions/decide.js';
import { type EventType, eventTypes } from '../model/event-type.js';
import type { InputGroup } from '../model/policy.js';
import { isOutage, type Slots } from '../model/value.js';
import type { Judgement } from '../ruleset/rule-set.js';
import type { BacktestRow } from './backtest-source.js';
import type { ColumnBlock } from './column-block.js';
import type { ConditionProgram } from './condition-program.js';
import type { Contender } from './contender.js';
import { visitTruth } from './truth.js';

/** What one rule set makes of one row. */
export interface JudgedRow {
  readonly row: BacktestRow;
  readonly decided: Decided;
  readonly findings: Judgement;
  /** To decide again with other findings. */
  readonly context: DecideContext;
}

/** How often a rule was asked and what its condition was. */
export interface ConditionCounts {
  evaluated: number;
  isTrue: number;
  unknown: number;
}

interface ColumnRule {
  readonly id: string;
  readonly condition: number;
  /** Its number among the running rules of each of its event types. */
  readonly numbers: readonly { readonly type: EventType; readonly number: number }[];
}

const nothing: Judgement = { hits: [], shadowHits: [] };
const noGroups: readonly InputGroup[] = [];

/**
 * A rule set over blocks of rows: conditions in columns, everything after them by the very functions that decide live
 * events (`RuleSet.settle`, `decide`), on the rows where some rule's condition is true.
 */
export class ColumnJudge {
  readonly counts: ReadonlyMap<string, ConditionCounts>;
  private readonly rules: readonly ColumnRule[];
  private readonly fired: number[][] = [];
  private readonly slots: Slots;
  private readonly quiet = new Map<string, Pick<JudgedRow, 'context' | 'decided'>>();

  constructor(
    private readonly contender: Contender,
    private readonly program: ConditionProgram,
  ) {
    const { ruleSet } = contender;
    this.slots = ruleSet.newSlots();
    const running = eventTypes.map((type) => ({ type, rules: ruleSet.running(type) }));
    this.rules = ruleSet.declarations
      .filter(({ info }) => info.mode !== 'off')
      .map((declaration) => ({
        id: declaration.info.id,
        condition: program.add(declaration.when.ast, (name) => contender.placeOf(name)),
        numbers: running.flatMap(({ type, rules }) => {
          const number = rules.indexOf(declaration);
          return number < 0 ? [] : [{ type, number }];
        }),
      }));
    this.counts = new Map(this.rules.map(({ id }) => [id, { evaluated: 0, isTrue: 0, unknown: 0 }]));
  }

  /** The block on which the program ran last. Rows in order. */
  judge(block: ColumnBlock, visit: (judged: JudgedRow) => void): void {
    for (let place = 0; place < block.rows.length; place++) {
      const numbers = this.fired[place];
      if (numbers === undefined) this.fired.push([]);
      else numbers.length = 0;
    }
    for (const rule of this.rules) this.collect(rule, block);
    const looksForOutages = block.columns.some(({ hasOutage }) => hasOutage);
    for (const [place, row] of block.rows.entries()) visit(this.settle(row, this.fired[place] ?? [], looksForOutages));
  }

  private collect({ id, condition, numbers }: ColumnRule, block: ColumnBlock): void {
    const truth = this.program.truthOf(condition);
    const counts = this.counts.get(id);
    for (const { type, number } of numbers) {
      const rows = block.rowsOf(type);
      const { isTrue, unknown } = visitTruth(truth, rows, (place) => this.fired[place]?.push(number));
      if (counts === undefined) continue;
      counts.evaluated += block.countOf(type);
      counts.isTrue += isTrue;
      counts.unknown += unknown;
    }
  }

  private settle(row: BacktestRow, fired: readonly number[], looksForOutages: boolean): JudgedRow {
    const missing = looksForOutages ? this.missing(row) : noGroups;
    if (fired.length === 0) return { row, findings: nothing, ...this.quietly(missing) };
    const context = this.contender.contextWith(missing);
    for (const { place, slot } of this.contender.inputsOf(row.type)) this.slots[slot] = row.readings[place];
    const findings = this.contender.ruleSet.settle(row.type, fired, this.slots, {
      accountId: row.accountId,
      now: row.at,
      clearedRules: row.clearedRules,
    });
    return { row, findings, context, decided: decide(findings, context) };
  }

  /** No rule fired: the same for all such rows that lack the same. */
  private quietly(missing: readonly InputGroup[]): Pick<JudgedRow, 'context' | 'decided'> {
    const key = missing.join();
    const known = this.quiet.get(key);
    if (known !== undefined) return known;
    const context = this.contender.contextWith(missing);
    const made = { context, decided: decide(nothing, context) };
    this.quiet.set(key, made);
    return made;
  }

  private missing({ type, readings }: BacktestRow): readonly InputGroup[] {
    const groups = new Set<InputGroup>();
    for (const { place, group } of this.contender.inputsOf(type)) if (isOutage(readings[place])) groups.add(group);
    return [...groups];
  }
}
