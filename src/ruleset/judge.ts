import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { type ConditionSet, type ConditionsHow, conditionSet } from '../expression/condition-set.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { FeatureSpec } from '../model/feature.js';
import type { RuleHit } from '../model/rule.js';
import type { Steps } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
import { type FraudSlots, fraudSlots } from './fraud-slots.js';
import { inRollout } from './rollout.js';
import { endOfException, type RuleDeclaration } from './rule-declaration.js';
import type { Excused, JudgeContext, Judgement } from './rule-set.js';
import { fillTitle } from './title.js';

interface RunnableRule {
  readonly declaration: RuleDeclaration;
  readonly points: CompiledExpression;
  readonly exceptions: readonly { readonly when: CompiledExpression; readonly end: Instant }[];
  /** Inputs of the condition, the points and the title. */
  readonly reads: readonly InputInfo[];
}

/** A rule whose condition is TRUE. */
interface Fired {
  readonly index: number;
  readonly rule: RunnableRule;
  readonly points: number;
  readonly slots: Slots;
}

const noFraud: FraudSlots = { onStrongLinks: [], onAccount: [] };

/** The rules of one event type, ready to run; rules that are off are left out. */
export class Judge {
  readonly #rules: readonly RunnableRule[];
  readonly #conditions: ConditionSet;
  /** Parallel to the rules. */
  readonly #fraud: readonly FraudSlots[];
  /** Sorted. */
  readonly #liveNames: readonly string[];
  /** Parallel to the names, side by side: all of them are looked at for each event. */
  readonly #liveSlots: Int32Array;

  private constructor(rules: readonly RunnableRule[], conditions: ConditionSet, features: readonly FeatureSpec[]) {
    this.#rules = rules;
    this.#conditions = conditions;
    this.#fraud = rules.map(({ declaration }) => fraudSlots(declaration, features));
    const live = inputsOf(rules.filter(({ declaration }) => declaration.info.mode !== 'shadow'));
    this.#liveNames = live.map(({ name }) => name);
    this.#liveSlots = Int32Array.from(live, ({ slot }) => slot);
  }

  /** `how.unit` shares compiled conditions with the judges of other event types, and with those of the set before. */
  static *compile(
    declarations: readonly RuleDeclaration[],
    features: readonly FeatureSpec[],
    how?: ConditionsHow,
  ): Steps<Judge> {
    const rules: RunnableRule[] = [];
    for (const declaration of declarations) {
      if (declaration.info.mode !== 'off') rules.push(prepare(declaration));
      yield;
    }
    return new Judge(
      rules,
      yield* conditionSet(
        rules.map(({ declaration }) => declaration.when),
        how,
      ),
      features,
    );
  }

  /** In the order that `settle` numbers them by. */
  get rules(): readonly RuleDeclaration[] {
    return this.#rules.map(({ declaration }) => declaration);
  }

  judge(slots: Slots, context: JudgeContext): Judgement {
    const fired: number[] = [];
    this.#conditions.evaluate(slots, (index) => fired.push(index));
    return this.settle(fired, slots, context);
  }

  /** What rules whose condition is TRUE amount to: exceptions, points and mode. For whoever evaluates conditions otherwise. */
  settle(fired: readonly number[], slots: Slots, context: JudgeContext): Judgement {
    const hits: RuleHit[] = [];
    const shadowHits: RuleHit[] = [];
    let excused: Excused[] | undefined;
    for (const index of fired) {
      const rule = this.#rules[index];
      if (rule === undefined) continue;
      const excuse = excuseFor(rule, slots, context);
      if (excuse !== undefined) {
        excused ??= [];
        excused.push(excuse);
        continue;
      }
      const hit = this.#hitOf(index, rule, slots);
      if (hit !== undefined) (isLive(rule, context) ? hits : shadowHits).push(hit);
    }
    return excused === undefined ? { hits, shadowHits } : { hits, shadowHits, excused };
  }

  /** One rule by itself, as if nothing were known of what it could be; undefined is unknown. For samples. */
  probe(index: number, slots: Slots): boolean | undefined {
    const result = this.#conditions.resultOf(index, slots);
    const isTrue = result === true;
    return isTrue && typeof this.#rules[index]?.points.evaluate(slots) !== 'number' ? undefined : result;
  }

  /** Undefined when the points are unknown: then so is the rule. */
  #hitOf(index: number, rule: RunnableRule, slots: Slots): RuleHit | undefined {
    const { declaration, reads } = rule;
    const points = pointsOf(rule, slots);
    if (points === undefined) return undefined;
    const { onStrongLinks, onAccount } = this.#fraud[index] ?? noFraud;
    return {
      rule: declaration.info,
      points,
      evidence: knownOf(reads, slots),
      title: fillTitle(declaration.title, slots),
      onConfirmedFraud: onStrongLinks.length > 0 && this.#restsOn(onStrongLinks, { index, rule, points, slots }),
      onOwnFraud: onAccount.length > 0 && this.#restsOn(onAccount, { index, rule, points, slots }),
    };
  }

  /** Would it not speak against the account, or less so, if these counts were none? Asked only where one is at least 1. */
  #restsOn(counts: readonly number[], { index, rule, points, slots }: Fired): boolean {
    const counted = counts.filter((slot) => Number(slots[slot]) >= 1);
    if (counted.length === 0 || points < 0) return false;
    const without = slots.slice();
    for (const slot of counted) without[slot] = 0;
    if (this.#conditions.resultOf(index, without) !== true) return true;
    const rest = pointsOf(rule, without);
    return rest === undefined || Math.max(rest, 0) < points;
  }

  unknownInputs(slots: Slots): string[] {
    return this.#liveNames.filter((_, index) => !isKnown(slots[this.#liveSlots[index] ?? -1]));
  }
}

/** Rules that a reload finds unchanged, and those of several event types, are prepared once. */
const prepared = new WeakMap<RuleDeclaration, RunnableRule>();

function prepare(declaration: RuleDeclaration): RunnableRule {
  const known = prepared.get(declaration);
  if (known !== undefined) return known;
  const rule = {
    declaration,
    points: compileExpression(declaration.points),
    exceptions: declaration.exceptions.map((exception) => ({
      when: compileExpression(exception.when),
      end: endOfException(exception),
    })),
    reads: declarationReads(declaration),
  };
  prepared.set(declaration, rule);
  return rule;
}

/** Each input that a rule's hit shows, once. */
export function declarationReads({ when, points, title }: RuleDeclaration): readonly InputInfo[] {
  const reads = new Map<string, InputInfo>();
  for (const info of [...when.reads, ...points.reads, ...title.reads]) reads.set(info.name, info);
  return [...reads.values()];
}

function inputsOf(rules: readonly RunnableRule[]): readonly InputInfo[] {
  const inputs = new Map<string, InputInfo>();
  for (const rule of rules) for (const info of rule.reads) inputs.set(info.name, info);
  return [...inputs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type ExcuseContext = Pick<JudgeContext, 'now' | 'clearedRules'>;

/** Why a rule whose condition is TRUE does not fire, if it does not: for explanations. */
export const excuseOf = (rule: RuleDeclaration, slots: Slots, context: ExcuseContext): Excused | undefined =>
  excuseFor(prepare(rule), slots, context);

/** Cleared for this account, or under an exception that still holds. */
function excuseFor(
  { declaration, exceptions }: RunnableRule,
  slots: Slots,
  context: ExcuseContext,
): Excused | undefined {
  const rule = declaration.info.id;
  if (context.clearedRules?.has(rule) === true) return { rule, exception: null };
  if (exceptions.length === 0) return undefined;
  const exception = exceptions.findIndex(({ when, end }) => context.now < end && when.evaluate(slots) === true);
  return exception < 0 ? undefined : { rule, exception };
}

function isLive({ declaration: { info } }: RunnableRule, { accountId, blownRules }: JudgeContext): boolean {
  if (info.mode === 'shadow' || blownRules?.has(info.id) === true) return false;
  return typeof info.mode === 'string' || inRollout(info.id, accountId, info.mode.rollout);
}

function pointsOf({ declaration, points }: RunnableRule, slots: Slots): number | undefined {
  const value = points.evaluate(slots);
  return typeof value === 'number' ? clampPoints(value, declaration.info.pointsMax) : undefined;
}

function knownOf(reads: readonly InputInfo[], slots: Slots): Record<string, Value> {
  const evidence: Record<string, Value> = {};
  for (const { name, slot } of reads) {
    const reading = slots[slot];
    if (isKnown(reading)) evidence[name] = reading;
  }
  return evidence;
}

/** Only upwards: how much trust takes away is for its rule to say. */
export const clampPoints = (points: number, most: number): number => Math.min(most, points);
