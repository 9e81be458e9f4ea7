import type { EventType } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import { type Flip, findFlip } from './find-flip.js';
import type { RuleResult } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';
import { type LeafReport, RuleTrial } from './rule-trial.js';

export interface RuleExplanation {
  readonly id: string;
  readonly result: RuleResult;
  /** 0 unless the rule fires. */
  readonly points: number;
  readonly leaves: readonly LeafReport[];
  /** The smallest change that would have turned it. */
  readonly flip?: readonly Flip[];
}

export interface ExplainRequest {
  readonly slots: Slots;
  readonly now: Instant;
  /** Undefined = the rules of every event type. */
  readonly type?: EventType | undefined;
  readonly rule?: string | undefined;
}

/** Why each rule fired, and why not; rules that are off are left out unless asked for by name. */
export function explainRules(ruleSet: RuleSet, { slots, now, type, rule }: ExplainRequest): readonly RuleExplanation[] {
  const asked = ruleSet.declarations.filter(({ info }) =>
    rule === undefined ? info.mode !== 'off' && (type === undefined || info.on.includes(type)) : info.id === rule,
  );
  return asked.map((declaration) => {
    const trial = new RuleTrial(declaration, now);
    const flip = findFlip(trial, slots);
    const told = {
      id: declaration.info.id,
      result: trial.result(slots),
      points: trial.points(slots),
      leaves: trial.leaves(slots),
    };
    return flip === undefined ? told : { ...told, flip };
  });
}
