import { checkExpression } from '../expression/check-expression.js';
import type { CheckedExpression } from '../expression/checked-expression.js';
import type { CompileUnit } from '../expression/compile-unit.js';
import { newCompileUnit } from '../expression/condition-set.js';
import type { NamedList } from '../model/list.js';
import type { SignalInfo } from '../model/signal.js';
import type { Steps } from '../model/steps.js';
import type { ValueType } from '../model/value.js';
import { signalCatalogue } from '../signals/catalogue.js';
import { RuleScope, type ScopeAnswers } from './rule-scope.js';
import type { RuleSetRecord } from './rule-set-record.js';
import { inputsOf, keepsSlots } from './rule-vocabulary.js';

/** Everything that the rules of a record can name. */
export interface RestoredScope {
  readonly names: readonly string[];
  readonly scope: RuleScope;
  readonly unit: CompileUnit;
  readonly lists: ReadonlyMap<string, NamedList>;
  /** With what each rests on. */
  readonly predicates: ReadonlyMap<string, Rested<CheckedExpression>>;
}

/** Something that was made of a text, and what the names in it meant. */
export interface Rested<T> {
  readonly text: string;
  readonly made: T;
  readonly answers: ScopeAnswers;
}

const signals: ReadonlyMap<string, SignalInfo> = new Map(signalCatalogue.map((info) => [info.name, info]));

/** The earlier one where nothing has changed in it. */
export function* restoreScope(
  record: Pick<RuleSetRecord, 'names' | 'predicates'>,
  lists: ReadonlyMap<string, NamedList>,
  earlier: RestoredScope | undefined,
): Steps<RestoredScope> {
  const { names } = record;
  if (earlier !== undefined && isSame(earlier, record, lists)) return earlier;
  const before = earlier !== undefined && keepsSlots(earlier.names, names) ? earlier : undefined;
  const scope = new RuleScope({
    inputs: inputsOf(names, signals, before),
    lists,
    brokenLists: new Set(),
    misnamed: new Set(),
  });
  const predicates = new Map<string, Rested<CheckedExpression>>();
  for (const [name, text] of record.predicates)
    scope.declare(name, {
      check: () => {
        const known = before?.predicates.get(name);
        const rested =
          known?.text === text && scope.stillAnswers(known.answers)
            ? known
            : rest(text, scope, () => checked(text, scope, 'boolean'));
        predicates.set(name, rested);
        return rested.made;
      },
      circular: () => undefined,
    });
  for (const [name] of record.predicates) {
    scope.predicate(name);
    yield;
  }
  return { names, scope, lists, predicates, unit: before?.unit ?? newCompileUnit() };
}

const isSame = (
  earlier: RestoredScope,
  { names, predicates }: Pick<RuleSetRecord, 'names' | 'predicates'>,
  lists: ReadonlyMap<string, NamedList>,
): boolean =>
  earlier.names.length === names.length &&
  names.every((name, slot) => earlier.names[slot] === name) &&
  earlier.lists.size === lists.size &&
  [...lists].every(([name, list]) => earlier.lists.get(name) === list) &&
  earlier.predicates.size === predicates.length &&
  predicates.every(([name, text]) => earlier.predicates.get(name)?.text === text);

export function rest<T>(text: string, scope: RuleScope, make: () => T): Rested<T> {
  const { result: made, answers } = scope.recorded(make);
  return { text, made, answers };
}

/** An expression that was right where it was recorded. Throws when it is not right here: then the record is no record. */
export function checked(text: string, scope: RuleScope, want: Extract<ValueType, 'boolean' | 'number'>) {
  const result = checkExpression(text, scope, want);
  if (result.ok) return result.value;
  throw new Error(`an expression of a checked rule set is wrong: ${text.slice(0, 200)}: ${result.error[0]?.message}`);
}
