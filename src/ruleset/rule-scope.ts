import type { CheckedExpression } from '../expression/checked-expression.js';
import { wordsOf } from '../expression/name-words.js';
import type { Scope } from '../expression/scope.js';
import type { InputInfo, ScopeList } from '../model/expression-scope.js';
import type { NamedList } from '../model/list.js';
import { type Mention, mentionsOf } from './mentions-of.js';

interface PredicateDeclaration {
  /** Checks its text; called at most once. */
  readonly check: () => CheckedExpression | undefined;
  /** Called when predicates refer to each other in a circle: their names, each once. */
  readonly circular: (names: readonly string[]) => void;
}

/** By question. */
export type ScopeAnswers = ReadonlyMap<string, unknown>;

interface Names {
  readonly inputs: ReadonlyMap<string, InputInfo>;
  readonly lists: ReadonlyMap<string, NamedList>;
  /** Lists whose file is wrong: using one is no second error. */
  readonly brokenLists: ReadonlySet<string>;
  /** Features and predicates whose name no expression can read, which has been reported where they are declared. */
  readonly misnamed: ReadonlySet<string>;
}

/** What the names in a rule set's expressions mean. Predicates are checked when first asked for, whatever their order. */
export class RuleScope implements Scope {
  readonly #predicates = new Map<string, PredicateDeclaration>();
  readonly #checked = new Map<string, CheckedExpression | undefined>();
  readonly #open = new Set<string>();
  /** Without what stands between their words, so that a name of a wrong form counts, too. */
  readonly #broken = new Set<string>();

  #answers: Map<string, unknown> | undefined;

  /** What stands for lists whose file is wrong; of this scope, so that a later one is seen to answer otherwise. */
  readonly #unreadable: ReadonlyMap<string, ScopeList>;

  constructor(private readonly known: Names) {
    const standIn = (name: string): [string, ScopeList] => [name, { name, kind: 'value', has: () => false }];
    this.#unreadable = new Map([...known.brokenLists].map(standIn));
  }

  /** What was asked while `work` ran, and what was answered. */
  recorded<T>(work: () => T): { readonly result: T; readonly answers: ScopeAnswers } {
    const outer = this.#answers;
    const answers = new Map<string, unknown>();
    this.#answers = answers;
    const result = work();
    this.#answers = outer;
    return { result, answers };
  }

  /** True when whoever was given these answers, by this scope or an earlier one, would be given the same again. */
  stillAnswers(answers: ScopeAnswers): boolean {
    return [...answers].every(([question, answer]) => this.#ask(question) === answer);
  }

  #ask(question: string): unknown {
    const name = question.slice(2);
    switch (question.charAt(0)) {
      case 'i':
        return this.input(name);
      case 'p':
        return this.predicate(name);
      case 'l':
        return this.list(name);
      default:
        return this.isBroken(name);
    }
  }

  #answer<T>(kind: 'i' | 'p' | 'l' | 'b', name: string, answer: T): T {
    this.#answers?.set(`${kind} ${name}`, answer);
    return answer;
  }

  declare(name: string, predicate: PredicateDeclaration): void {
    this.#predicates.set(name, predicate);
  }

  /** True when the name is declared, even where its expression is wrong. */
  declares(name: string): boolean {
    return this.#predicates.has(name);
  }

  /** The name was meant to be declared where something else is wrong: who reads it is not wrong. */
  declareBroken(name: string): void {
    this.#broken.add(wordsOf(name).join(''));
  }

  /** True when the name is declared and cannot be read; that has been reported where it is declared. */
  isBroken(name: string): boolean {
    return this.#answer('b', name, this.#cannotBeRead(name));
  }

  #cannotBeRead(name: string): boolean {
    if (this.known.inputs.has(name)) return false;
    if (this.#predicates.has(name)) return this.#open.has(name) || this.predicate(name) === undefined;
    return this.#broken.has(wordsOf(name).join(''));
  }

  input(name: string): InputInfo | undefined {
    return this.#answer('i', name, this.known.inputs.get(name));
  }

  predicate(name: string): CheckedExpression | undefined {
    return this.#answer('p', name, this.#checkedPredicate(name));
  }

  #checkedPredicate(name: string): CheckedExpression | undefined {
    if (this.#checked.has(name)) return this.#checked.get(name);
    const declared = this.#predicates.get(name);
    if (declared === undefined) return undefined;
    if (this.#open.has(name)) {
      const open = [...this.#open];
      declared.circular(open.slice(open.indexOf(name)));
      return undefined;
    }
    this.#open.add(name);
    const checked = declared.check();
    this.#open.delete(name);
    this.#checked.set(name, checked);
    return checked;
  }

  list(name: string): ScopeList | undefined {
    return this.#answer('l', name, this.known.lists.get(name) ?? this.#unreadable.get(name));
  }

  /** Names that an expression can read. */
  *names(): Iterable<string> {
    for (const names of [this.known.inputs, this.#predicates])
      for (const name of names.keys()) if (!this.known.misnamed.has(name)) yield name;
  }

  /** Where an expression names what is declared under a name that no expression can read. */
  misnamedIn(text: string): readonly Mention[] {
    return [...this.known.misnamed].flatMap((name) => mentionsOf(name, text));
  }

  *listNames(): Iterable<string> {
    yield* this.known.lists.keys();
    yield* this.known.brokenLists;
  }
}
