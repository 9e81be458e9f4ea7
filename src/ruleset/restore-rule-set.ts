import type { NamedList } from '../model/list.js';
import type { Steps } from '../model/steps.js';
import { compileRuleSet } from './compile-rule-set.js';
import type { ReadRules } from './read-rules.js';
import { checked, type Rested, type RestoredScope, rest, restoreScope } from './restore-scope.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';
import { type PlacedRule, placedRule, type RuleRecord, type RuleSetRecord } from './rule-set-record.js';
import { compileTitle } from './title.js';
import { SourceFile } from './yaml/source-file.js';

interface Kept {
  readonly scope: RestoredScope;
  /** By what they say. */
  readonly rules: ReadonlyMap<string, Rested<RuleDeclaration>>;
}

/** What the last rule set was made of: of the next only what differs is made. */
export class RestoreMemory {
  #kept: Kept | undefined;

  get kept(): Kept | undefined {
    return this.#kept;
  }

  keep(kept: Kept): void {
    this.#kept = kept;
  }

  /** Of a rule set that was loaded in this very thread. */
  *seed({ vocabulary, rules: read }: ReadRules): Steps<void> {
    const { names, scope, unit, lists, readings } = vocabulary;
    const predicates = new Map(
      [...readings].map(([name, { text, checked: made, answers }]) => [name, { text, made, answers }]),
    );
    const rules = new Map<string, Rested<RuleDeclaration>>();
    for (const { declaration, answers } of read) {
      if (declaration === undefined) continue;
      const { says } = placedRule(declaration);
      // Where a rule stands in its file keeps the whole file in memory.
      const made = { ...declaration, tests: [], ...placeOf(declaration.info) };
      rules.set(says, { text: says, made, answers });
      yield;
    }
    this.#kept = { scope: { names, scope, unit, lists, predicates }, rules };
  }
}

/**
 * A rule set that runs, of what another thread has read and checked. It has no inline tests, and the places in files are
 * those of the rules only: whoever asks for more loads the files.
 */
export function* restoreRuleSet(
  record: RuleSetRecord,
  lists: ReadonlyMap<string, NamedList>,
  memory: RestoreMemory,
): Steps<RuleSet> {
  const before = memory.kept;
  const world = yield* restoreScope(record, lists, before?.scope);
  const rules = new Map<string, Rested<RuleDeclaration>>();
  const declarations: RuleDeclaration[] = [];
  for (const placed of record.rules) {
    const rested = again(placed, world, before) ?? rest(placed.says, world.scope, () => restoreRule(placed, world));
    rules.set(placed.says, rested);
    declarations.push(rested.made);
    yield;
  }
  const { scope, names, unit } = world;
  const { version, hash, policy, features } = record;
  const parts = {
    version,
    hash,
    policy,
    reasons: new Map(record.reasons.map((reason) => [reason.code, reason])),
    lists,
    features,
    links: record.links.map(({ spec, when }) => ({
      spec,
      when: when === undefined ? undefined : checked(when, scope, 'boolean'),
    })),
    names,
    scope,
    predicates: new Map([...world.predicates].map(([name, { made }]) => [name, made])),
    declarations,
  };
  const ruleSet = yield* compileRuleSet(parts, { unit, compile: 'ahead', plans: new Map(record.plans) });
  memory.keep({ scope: world, rules });
  return ruleSet;
}

/** A rule that says the same as before, where its names mean the same; it may have moved. */
function again(
  placed: PlacedRule,
  { scope }: RestoredScope,
  before: Kept | undefined,
): Rested<RuleDeclaration> | undefined {
  const known = before?.rules.get(placed.says);
  if (known === undefined || !(before?.scope.scope === scope || scope.stillAnswers(known.answers))) return undefined;
  const { info } = known.made;
  if (info.file === placed.file && info.line === placed.line) return known;
  return { ...known, made: { ...known.made, ...placeOf(placed), info: { ...info, ...fileAndLine(placed) } } };
}

const fileAndLine = ({ file, line }: PlacedRule) => ({ file, line });

const placeOf = ({ file }: Pick<PlacedRule, 'file'>) => {
  const at = { file: new SourceFile(file, ''), start: 0, end: 0 };
  return { at, whenAt: at };
};

function restoreRule(placed: PlacedRule, { scope }: RestoredScope): RuleDeclaration {
  // Written by `placedRule` of the same version of the program.
  const { info, exceptions, fuse }: RuleRecord = JSON.parse(placed.says);
  const place = placeOf(placed);
  return {
    info: { ...info, ...fileAndLine(placed) },
    when: checked(info.when, scope, 'boolean'),
    points: checked(info.points, scope, 'number'),
    title: compileTitle(info.title, (name) => scope.input(name)),
    exceptions: exceptions.map((exception) => ({
      ...exception,
      when: checked(exception.when, scope, 'boolean'),
      at: place.at,
    })),
    tests: [],
    ...place,
    ...(fuse === undefined ? {} : { fuse }),
  };
}
