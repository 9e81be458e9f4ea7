import type { EventType } from '../model/event-type.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { Outcome } from '../model/rule.js';
import { finishSteps, type Steps } from '../model/steps.js';
import type { Instant } from '../model/time.js';
import { type Slots, Unavailable } from '../model/value.js';
import type { ConditionTree } from './condition-tree.js';
import { type Flip, findFlip } from './find-flip.js';
import { excuseOf } from './judge.js';
import { inputRooms } from './lints/input-rooms.js';
import type { RoomOf } from './lints/prove.js';
import type { RuleDeclaration, RuleResult } from './rule-declaration.js';
import { type EffectContext, type ExceptionInForce, effectOf, exceptionOf, type RuleEffect } from './rule-effect.js';
import type { RuleSet } from './rule-set.js';
import { type LeafReport, RuleTrial, valuesOf } from './rule-trial.js';

/** A leaf as it came out, and of inputs that could not be had why not; an input without value or reason is absent. */
export interface ExplainedLeaf extends LeafReport {
  readonly missing?: Readonly<Record<string, string>>;
}

export interface RuleExplanation {
  readonly id: string;
  readonly result: RuleResult;
  /** 0 unless the rule fires. */
  readonly points: number;
  readonly leaves: readonly ExplainedLeaf[];
  /** Of a rule whose condition is true and whose points cannot be computed: the points, with what they read. */
  readonly unknown_points?: ExplainedLeaf;
  /** The smallest change that would have turned it. */
  readonly flip?: readonly Flip[];
  /** What its firing comes to. */
  readonly effect: RuleEffect;
  readonly exception?: ExceptionInForce;
  /** Of a rule that fired and was only recorded: the outcome if it had counted. */
  readonly would_be?: Outcome;
}

interface ExplainRequest {
  readonly slots: Slots;
  readonly now: Instant;
  /** Undefined = the rules of every event type. */
  readonly type?: EventType | undefined;
  readonly rule?: string | undefined;
  readonly context?: EffectContext | undefined;
}

/** Why each rule fired, and why not; rules that are off are left out unless asked for by name. */
export const explainRules = (ruleSet: RuleSet, request: ExplainRequest): readonly RuleExplanation[] =>
  finishSteps(explainSteps(ruleSet, request));

/** The same rule by rule, for whoever has other work to do between two. */
export function* explainSteps(ruleSet: RuleSet, request: ExplainRequest): Steps<readonly RuleExplanation[]> {
  const { type, rule } = request;
  const asked = ({ info }: RuleDeclaration): boolean =>
    rule === undefined ? info.mode !== 'off' && (type === undefined || info.on.includes(type)) : info.id === rule;
  const rules: RuleExplanation[] = [];
  for (const declaration of ruleSet.declarations.filter(asked)) {
    rules.push(explainRule(declaration, request, inputRooms(ruleSet.features, declaration.info.on)));
    yield;
  }
  return rules;
}

function explainRule(
  declaration: RuleDeclaration,
  { slots, now, context }: ExplainRequest,
  roomOf: RoomOf,
): RuleExplanation {
  const trial = new RuleTrial(declaration, now);
  const result = trial.result(slots);
  const holds = trial.tree.result(trial.tree.truths(slots)) === true;
  const excuse = holds ? excuseOf(declaration, slots, { now, clearedRules: context?.clearedRules }) : undefined;
  const exception = exceptionOf(declaration, excuse);
  const points = holds && result === 'unknown' ? explainPoints(declaration, slots) : undefined;
  const flip = findFlip(trial, slots, roomOf);
  // What would have to be there for points to be computed is told by the points: any value would do, none is meant.
  const isMadeUp = points !== undefined && flip?.some(({ from }) => from === null) === true;
  return {
    id: declaration.info.id,
    result,
    points: trial.points(slots),
    leaves: explainLeaves(trial.tree, slots),
    ...(points === undefined ? {} : { unknown_points: points }),
    ...(flip === undefined || isMadeUp ? {} : { flip }),
    effect: effectOf(declaration, { result, excuse }, context),
    ...(exception === undefined ? {} : { exception }),
  };
}

const explainPoints = ({ info, points }: RuleDeclaration, slots: Slots): ExplainedLeaf =>
  withReasons({ text: info.points, result: null, values: valuesOf(points.reads, slots) }, points.reads, slots);

/** Each part of a condition as it comes out, with what it reads. */
export const explainLeaves = (tree: ConditionTree, slots: Slots): ExplainedLeaf[] => {
  const truths = tree.truths(slots);
  return tree.leaves.map(({ text, reads }, index) =>
    withReasons({ text, result: truths[index] ?? null, values: valuesOf(reads, slots) }, reads, slots),
  );
};

function withReasons(leaf: LeafReport, reads: readonly InputInfo[], slots: Slots): ExplainedLeaf {
  const missing = reads.flatMap(({ name, slot }): [string, string][] => {
    const reading = slots[slot];
    return reading instanceof Unavailable ? [[name, reading.reason]] : [];
  });
  return missing.length === 0 ? leaf : { ...leaf, missing: Object.fromEntries(missing) };
}
