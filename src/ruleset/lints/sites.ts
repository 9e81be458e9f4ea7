import type { CheckedExpression, Node } from '../../expression/checked-expression.js';
import type { Located } from '../problem-sink.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { titlePlaces } from '../title.js';
import type { YamlNode } from '../yaml/yaml-node.js';
import type { LintInput } from './lint.js';

/** An expression of the rule set and where it stands. */
export interface Site {
  readonly expression: CheckedExpression;
  readonly rule?: RuleDeclaration | undefined;
  /** The condition of a rule: never true means that the rule never fires. */
  readonly isCondition: boolean;
  /** Where a part of it stands. */
  place(node: Pick<Node, 'start' | 'end'>): Located;
}

const remembered = new WeakMap<LintInput, readonly Site[]>();

/** Every expression, each once: what a predicate stands for is looked at where it is declared. */
export function sitesOf(input: LintInput): readonly Site[] {
  const sites = remembered.get(input) ?? findSites(input);
  remembered.set(input, sites);
  return sites;
}

function findSites(input: LintInput): readonly Site[] {
  const { ruleSet, links, predicates } = input;
  const nodes = nodesById(input);
  const named = predicates.flatMap(({ key, value }): Site[] => {
    const expression = ruleSet.predicates.get(key.text);
    return expression === undefined ? [] : [siteOf(expression, value)];
  });
  const linked = links.flatMap(({ when, whenAt }) => (when && whenAt ? [siteOf(when, whenAt)] : []));
  return [...named, ...linked, ...ruleSet.declarations.flatMap((rule) => sitesOfRule(rule, nodes.get(rule.info.id)))];
}

function sitesOfRule(rule: RuleDeclaration, node: YamlNode | undefined): readonly Site[] {
  const exceptions = fieldOf(node, 'except');
  const items = exceptions?.kind === 'list' ? exceptions.items : [];
  return [
    { ...siteOf(rule.when, fieldOf(node, 'when') ?? rule.whenAt, rule), isCondition: true },
    siteOf(rule.points, fieldOf(node, 'points') ?? rule.at, rule),
    ...rule.exceptions.map(({ when, at }, index) => siteOf(when, fieldOf(items[index], 'when') ?? at, rule)),
  ];
}

const siteOf = (expression: CheckedExpression, at: YamlNode | Located, rule?: RuleDeclaration): Site => ({
  expression,
  rule,
  isCondition: false,
  place: (node) => ('locate' in at ? { file: at.file, ...at.locate(node) } : at),
});

export const fieldOf = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  node?.kind === 'map' ? node.entries.get(key)?.value : undefined;

const idOf = (node: YamlNode): string => {
  const id = fieldOf(node, 'id');
  return id?.kind === 'scalar' ? id.text : '';
};

/** The rules' nodes by id. */
const nodesById = ({ rules }: LintInput): ReadonlyMap<string, YamlNode> =>
  new Map(rules.map((node) => [idOf(node), node]));

/** Where a key of each rule stands, or the first of several that it has. */
export function placesOf(input: LintInput, ...keys: readonly string[]): (rule: RuleDeclaration) => Located {
  const nodes = nodesById(input);
  return ({ info, at }) => {
    const found = keys.map((key) => fieldOf(nodes.get(info.id), key));
    return found.find((node) => node !== undefined) ?? at;
  };
}

/** Where a rule reads one of these inputs: its condition where that does, else its points, an exception, its title. */
export function readingPlaces(
  input: LintInput,
): (rule: RuleDeclaration, isWanted: (name: string) => boolean) => Located {
  const nodes = nodesById(input);
  return (rule, isWanted) => {
    const node = nodes.get(rule.info.id);
    const reads = ({ expression }: Site): boolean => expression.reads.some(({ name }) => isWanted(name));
    const site = sitesOfRule(rule, node).find(reads);
    if (site !== undefined) return site.isCondition ? rule.whenAt : site.place(site.expression.ast);
    return titlePlace(fieldOf(node, 'title'), isWanted) ?? rule.whenAt;
  };
}

function titlePlace(title: YamlNode | undefined, isWanted: (name: string) => boolean): Located | undefined {
  if (title?.kind !== 'scalar') return undefined;
  const found = titlePlaces(title.text).find(({ name }) => isWanted(name));
  return found && { file: title.file, ...title.locate(found) };
}

/** Where a test of a rule gives a value: its key. */
export function givenPlaces(
  input: LintInput,
): (rule: RuleDeclaration, test: number, name: string) => Located | undefined {
  const nodes = nodesById(input);
  return ({ info }, test, name) => {
    const tests = fieldOf(nodes.get(info.id), 'tests');
    const given = fieldOf(tests?.kind === 'list' ? tests.items[test] : undefined, 'given');
    return given?.kind === 'map' ? given.entries.get(name)?.key : undefined;
  };
}
