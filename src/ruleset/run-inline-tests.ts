import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { CoverageTally } from './coverage-tally.js';
import type { Flip } from './find-flip.js';
import { findFlip } from './find-flip.js';
import { inputRooms } from './lints/input-rooms.js';
import type { RuleDeclaration, RuleResult, RuleTest } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';
import { type LeafReport, RuleTrial } from './rule-trial.js';

/** What differs, and what in the rule's condition made it so. */
interface TestDifference {
  readonly expected: RuleResult;
  readonly got: RuleResult;
  readonly leaves: readonly LeafReport[];
  /** The smallest change of a given value that would have turned the rule. */
  readonly flip?: readonly Flip[];
}

export interface TestReport {
  readonly name: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
  readonly diff?: TestDifference;
}

interface RuleTestsInput {
  readonly ruleSet: RuleSet;
  readonly now: Instant;
  /** What other tests have seen of the rules is added to it. */
  readonly tally: CoverageTally;
  /** All by default. */
  readonly chosen?: (test: RuleTest, declaration: RuleDeclaration) => boolean;
}

/** Runs the tests that stand in the rules; nothing is shared between two of them. */
export function runInlineTests({ ruleSet, now, tally, chosen = () => true }: RuleTestsInput): readonly TestReport[] {
  return ruleSet.declarations.flatMap((declaration) => {
    const trial = new RuleTrial(declaration, now);
    tally.know(declaration, trial);
    return declaration.tests
      .filter((test) => chosen(test, declaration))
      .map((test) => {
        const slots = givenSlots(ruleSet, test.given);
        tally.see(trial, slots, trial.result(slots));
        return reportOf(test, { trial, slots, features: ruleSet.features });
      });
  });
}

/** Slots that hold what is given; everything else is absent. */
export function givenSlots(ruleSet: RuleSet, given: RuleTest['given']): Slots {
  const slots = ruleSet.newSlots();
  for (const [name, reading] of given) {
    const slot = ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = reading;
  }
  return slots;
}

interface Tried {
  readonly trial: RuleTrial;
  readonly slots: Slots;
  readonly features: RuleSet['features'];
}

function reportOf(test: RuleTest, { trial, slots, features }: Tried): TestReport {
  const got = trial.result(slots);
  const ok = got === test.expect;
  const { id, on } = trial.declaration.info;
  const { file, start, end } = test.at;
  const report = { name: test.name, rule: id, file: file.path, line: file.place({ start, end }).line, ok };
  if (ok) return report;
  const flip = findFlip(trial, slots, inputRooms(features, on));
  const diff = { expected: test.expect, got, leaves: trial.leaves(slots) };
  return { ...report, diff: flip === undefined ? diff : { ...diff, flip } };
}
