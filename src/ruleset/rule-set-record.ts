import type { CheckedExpression } from '../expression/checked-expression.js';
import { type IndexPlan, planIndex } from '../expression/index-plan.js';
import { type EventType, eventTypes } from '../model/event-type.js';
import type { FeatureSpec } from '../model/feature.js';
import type { LinkSpec } from '../model/link.js';
import type { Policy } from '../model/policy.js';
import type { ReasonInfo } from '../model/reason.js';
import type { RuleInfo } from '../model/rule.js';
import type { Steps } from '../model/steps.js';
import { rulesOfType } from './compile-rule-set.js';
import type { Fuse, RuleDeclaration, RuleException } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';

/** What a rule says. Its expressions are texts, which are right: they are compiled where they are to run. */
export interface RuleRecord {
  readonly info: Omit<RuleInfo, 'file' | 'line'>;
  readonly exceptions: readonly (Omit<RuleException, 'when' | 'at'> & { readonly when: string })[];
  readonly fuse?: Fuse;
}

/** A rule's record as JSON, so that two are quickly compared, and where the rule stands. */
export interface PlacedRule {
  readonly says: string;
  readonly file: string;
  readonly line: number;
}

/**
 * A checked rule set as plain data, which one thread can hand to another; `restoreRuleSet` makes it run. Lists are not in
 * it: they are named.
 */
export interface RuleSetRecord {
  readonly version: string;
  readonly hash: string;
  readonly policy: Policy;
  readonly reasons: readonly ReasonInfo[];
  readonly features: readonly FeatureSpec[];
  readonly links: readonly { readonly spec: LinkSpec; readonly when: string | undefined }[];
  /** By slot. */
  readonly names: readonly string[];
  readonly predicates: readonly (readonly [name: string, text: string])[];
  readonly rules: readonly PlacedRule[];
  readonly plans: readonly (readonly [EventType, IndexPlan])[];
}

export function* recordRuleSet(ruleSet: RuleSet): Steps<RuleSetRecord> {
  const { version, hash, policy, reasons, features, links, names, predicates, declarations } = ruleSet;
  const rules: PlacedRule[] = [];
  for (const declaration of declarations) {
    rules.push(placedRule(declaration));
    yield;
  }
  const plans: [EventType, IndexPlan][] = [];
  for (const type of eventTypes) {
    const { plan } = yield* planIndex(rulesOfType(type, declarations).map(({ when }) => when));
    plans.push([type, plan]);
  }
  return {
    version,
    hash,
    policy,
    reasons: [...reasons.values()],
    features,
    links: links.map(({ spec, when }) => ({ spec, when: when?.text })),
    names,
    predicates: [...predicates].map(([name, { text }]) => [name, text]),
    rules,
    plans,
  };
}

/** By conditions, each of which is one rule's: a rule that has moved, and says what it said, has the same one. */
const kept = new WeakMap<CheckedExpression, string>();

export function placedRule(declaration: RuleDeclaration): PlacedRule {
  const { file, line } = declaration.info;
  const says = kept.get(declaration.when) ?? recordOf(declaration);
  kept.set(declaration.when, says);
  return { says, file, line };
}

function recordOf(declaration: RuleDeclaration): string {
  const { file: _file, line: _line, ...info } = declaration.info;
  const exceptions = declaration.exceptions.map(({ when, why, owner, lastDay }) => ({
    when: when.text,
    why,
    owner,
    lastDay,
  }));
  const { fuse } = declaration;
  const record: RuleRecord = fuse === undefined ? { info, exceptions } : { info, exceptions, fuse };
  return JSON.stringify(record);
}
