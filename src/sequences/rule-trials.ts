import type { Instant } from '../model/time.js';
import type { RuleDeclaration, RuleResult } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { RuleTrial } from '../ruleset/rule-trial.js';
import type { PlayedEvent } from './played-test.js';

type RuleSeen =
  | {
      readonly result: RuleResult;
      /** Why, where the condition does not tell. */
      readonly note?: string;
      readonly trial: RuleTrial;
    }
  /** The rule was not looked at: its condition was neither true nor false nor unknown. */
  | { readonly result: 'not_asked'; readonly note: string; readonly trial?: undefined };

/** What each rule made of an event: fires as the engine says, quiet and unknown as its condition says. */
export class RuleTrials {
  private readonly declarations: ReadonlyMap<string, RuleDeclaration>;
  /** Of rules whose exceptions cannot end. */
  private readonly lasting = new Map<string, RuleTrial>();

  constructor(readonly ruleSet: RuleSet) {
    this.declarations = new Map(ruleSet.declarations.map((declaration) => [declaration.info.id, declaration]));
  }

  resultOf(id: string, event: PlayedEvent): RuleSeen {
    const declaration = this.declarations.get(id);
    if (declaration === undefined) return { result: 'not_asked', note: 'not there' };
    const { mode, on } = declaration.info;
    if (mode === 'off') return { result: 'not_asked', note: 'off' };
    if (!on.includes(event.type))
      return { result: 'not_asked', note: `not looked at on ${event.type} (on: ${on.join(', ')})` };
    const trial = this.trialOf(declaration, event.step.at);
    if (event.live.has(id) || event.shadow.has(id)) return { result: 'fires', trial };
    const result = trial.result(event.slots);
    if (result === 'fires') return { result: 'quiet', note: 'quiet (cleared for this account)', trial };
    return { result, trial };
  }

  /** Rules that looked at the event. */
  lookedAt(event: PlayedEvent): readonly RuleDeclaration[] {
    return this.ruleSet.declarations.filter(({ info }) => info.mode !== 'off' && info.on.includes(event.type));
  }

  private trialOf(declaration: RuleDeclaration, at: Instant): RuleTrial {
    if (declaration.exceptions.length > 0) return new RuleTrial(declaration, at);
    const { id } = declaration.info;
    const known = this.lasting.get(id);
    if (known !== undefined) return known;
    const trial = new RuleTrial(declaration, at);
    this.lasting.set(id, trial);
    return trial;
  }
}
