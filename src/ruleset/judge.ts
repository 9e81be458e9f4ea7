import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { type ConditionSet, type ConditionsHow, conditionSet } from '../expression/condition-set.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { RuleHit } from '../model/rule.js';
import type { Steps } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
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

/** The rules of one event type, ready to run; rules that are off are left out. */
export class Judge {
  readonly #rules: readonly RunnableRule[];
  readonly #conditions: ConditionSet;
  /** Sorted by name. */
  readonly #liveInputs: readonly InputInfo[];

  private constructor(rules: readonly RunnableRule[], conditions: ConditionSet) {
    this.#rules = rules;
    this.#conditions = conditions;
    this.#liveInputs = inputsOf(rules.filter(({ declaration }) => declaration.info.mode !== 'shadow'));
  }

  /** `how.unit` shares compiled conditions with the judges of other event types, and with those of the set before. */
  static *compile(declarations: readonly RuleDeclaration[], how?: ConditionsHow): Steps<Judge> {
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
      const hit = hitOf(rule, slots);
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

  unknownInputs(slots: Slots): string[] {
    return this.#liveInputs.filter(({ slot }) => !isKnown(slots[slot])).map(({ name }) => name);
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

/** Undefined when the points are unknown: then so is the rule. */
function hitOf({ declaration, points, reads }: RunnableRule, slots: Slots): RuleHit | undefined {
  const { info, title } = declaration;
  const value = points.evaluate(slots);
  if (typeof value !== 'number') return undefined;
  const evidence: Record<string, Value> = {};
  for (const { name, slot } of reads) {
    const reading = slots[slot];
    if (isKnown(reading)) evidence[name] = reading;
  }
  return { rule: info, points: clampPoints(value, info.pointsMax), evidence, title: fillTitle(title, slots) };
}

/** Only upwards: how much trust takes away is for its rule to say. */
export const clampPoints = (points: number, most: number): number => Math.min(most, points);
