import type { CallNode, InItemsNode, LogicNode, Node } from '../../expression/checked-expression.js';
import { nodesUnder } from '../../expression/walk-node.js';
import type { EventType } from '../../model/event-type.js';
import { parseIpAddress, parseIpRange, rangeText } from '../../model/ip-address.js';
import type { Steps } from '../../model/steps.js';
import type { ProblemSink } from '../problem-sink.js';
import { canonical } from './claim.js';
import type { LintInput } from './lint.js';
import { comparedTexts, type Finding, type Look, type TextPlace, textOf } from './look.js';
import { methodLooks } from './method-looks.js';
import { type Site, sitesOf } from './sites.js';
import { addressSignals, fitsAt, textForms } from './text-forms.js';

/** Slips within one expression that its types allow. */
export function* expressionLints(input: LintInput, sink: ProblemSink): Steps<void> {
  const { lists } = input.ruleSet;
  for (const site of sitesOf(input)) {
    if (site.expression.reads.length === 0) continue;
    for (const node of nodesUnder(site.expression.ast))
      for (const look of looks) report(look(node, { lists, site }), { site, sink });
    yield;
  }
}

function report(finding: Finding | undefined, { site, sink }: { site: Site; sink: ProblemSink }): void {
  if (finding === undefined) return;
  const { code, at, message, hint } = finding;
  sink.warn(code, site.place(at), message, { hint, rule: site.rule?.info.id });
}

const nameOf = (node: Node | undefined): string | undefined => (node?.kind === 'input' ? node.info.name : undefined);

const withAddress: readonly EventType[] = ['signup', 'api_key_created', 'api_key_used'];

/** Signals that every event of these types has to carry. */
const neededBy: ReadonlyMap<string, readonly EventType[]> = new Map([
  ['ip.address', withAddress],
  ['ip.version', withAddress],
  ['ip.prefix', withAddress],
  ['api_key.id', ['api_key_created', 'api_key_used']],
]);

const needless: Look = (node, { site }) => {
  if (node.kind !== 'call' || (node.spec.name !== 'has' && node.spec.name !== 'default')) return undefined;
  const [input] = node.args;
  if (input?.kind !== 'input') return undefined;
  const types = site.rule?.info.on ?? [];
  const isNeeded = types.length > 0 && types.every((type) => neededBy.get(input.info.name)?.includes(type));
  if (input.info.optional && !isNeeded) return undefined;
  const where = input.info.optional ? ` on ${types.join(' and ')}` : '';
  const message = `'${input.info.name}' is never missing${where}: ${node.spec.name}() says nothing`;
  return { code: 'W031', at: node, message };
};

/** A sign by itself is left of what was no text of the signal at all. */
const isText = (mended: string): boolean => /[\p{L}\p{N}]/u.test(mended);

const otherForm: Look = (node) => {
  for (const { with: input, at, text, place } of comparedTexts(node)) {
    const name = nameOf(input) ?? '';
    const form = textForms.get(name);
    if (form === undefined || text === '' || fitsAt(form, place, text)) continue;
    const mended = form.mend(text);
    // Of a pattern the text is a part only, and nothing that could take its place.
    const isMeant = text === textOf(at) && isText(mended) && fitsAt(form, place, mended);
    const meant = isMeant ? `did you mean '${mended}'?` : undefined;
    const hint = form.askInstead?.(text) ?? meant;
    return { code: 'W032', at, message: `${neverAt[place](name, text)}: it is ${form.words}`, hint };
  }
  return undefined;
};

const neverAt: Readonly<Record<TextPlace, (name: string, text: string) => string>> = {
  whole: (name, text) => `'${name}' is never '${text}'`,
  start: (name, text) => `no '${name}' begins with '${text}'`,
  end: (name, text) => `no '${name}' ends with '${text}'`,
  within: (name, text) => `no '${name}' has '${text}' in it`,
};

/** What is missing is unknown, and never an empty text. */
const emptyText: Look = (node) => {
  const empty = comparedTexts(node).find(
    ({ text, place, with: input }) => text === '' && place === 'whole' && nameOf(input),
  );
  const name = nameOf(empty?.with);
  if (empty === undefined || name === undefined) return undefined;
  const hint = `whether it is there is asked with has(${name})`;
  return { code: 'W032', at: empty.at, message: `'${name}' is missing or has a text, and is never empty`, hint };
};

const noValue: Look = (node) => {
  const divisor = node.kind === 'arithmetic' && node.operator === '/' ? node.right : undefined;
  if (divisor?.kind !== 'literal' || divisor.value !== 0) return undefined;
  return { code: 'W043', at: node, message: 'a division by zero has no value: what is compared with it is unknown' };
};

const noAddress: Look = (node) => {
  const operand = node.kind === 'call' && node.spec.name === 'in_cidr' ? node.args[0] : undefined;
  const listed = node.kind === 'in_list' && node.list.kind === 'cidr' ? node.operand : undefined;
  const input = operand ?? listed;
  const name = nameOf(input);
  if (input === undefined || name === undefined || addressSignals.has(name)) return undefined;
  return { code: 'W032', at: input, message: `'${name}' is no address: it is in no range`, hint: 'ip.address is one' };
};

const repeatedItem = (node: LogicNode | InItemsNode): Node | undefined => {
  const seen = new Set<string>();
  return (node.kind === 'in_items' ? node.items : node.operands).find((part) => {
    const text = canonical(part);
    return seen.size === seen.add(text).size;
  });
};

const twice: Look = (node) => {
  const isChain = node.kind === 'and' || node.kind === 'or' || node.kind === 'in_items';
  const again = isChain ? repeatedItem(node) : undefined;
  if (again !== undefined)
    return { code: 'W034', at: again, message: 'this stands twice', hint: 'one of them was probably to be another' };
  if (node.kind !== 'compare' || canonical(node.left) !== canonical(node.right)) return undefined;
  return { code: 'W034', at: node, message: 'this compares something with itself' };
};

const withTruth: Look = (node) => {
  if (node.kind !== 'compare') return undefined;
  const says = (side: Node) => side.kind === 'literal' && side.value === (node.operator === '==');
  if (!says(node.left) && !says(node.right)) return undefined;
  return { code: 'W035', at: node, message: 'comparing with true says nothing more', hint: 'write the name alone' };
};

const emptyList: Look = (node, { lists }) => {
  if (node.kind !== 'in_list' || lists.get(node.list.name)?.size !== 0) return undefined;
  return { code: 'W036', at: node, message: `the list '${node.list.name}' has no entries: this is never true` };
};

const hostBits: Look = (node) => {
  const at = node.kind === 'call' && node.spec.name === 'in_cidr' ? node.args[1] : undefined;
  const text = textOf(at);
  if (text === undefined) return undefined;
  const [range, base] = [parseIpRange(text), parseIpAddress(text.replace(/\/.*$/, ''))];
  if (at === undefined || range === undefined || base === undefined) return undefined;
  if (base.words.join() === range.words.join()) return undefined;
  const hint = `did you mean '${rangeText(range)}'?`;
  return { code: 'W044', at, message: `the range does not begin at '${base.text}'`, hint };
};

const patternSlips: Look = (node) => {
  if (node.kind !== 'call') return undefined;
  const [, second] = node.args;
  const text = textOf(second);
  if (second === undefined || text === undefined) return undefined;
  if (node.spec.name === 'matches' && /^\/.*\/[a-z]*$/.test(text))
    return {
      code: 'W045',
      at: second,
      message: 'the slashes are part of the pattern',
      hint: 'a pattern stands between quotes only',
    };
  return text === '' && searches(node)
    ? { code: 'W033', at: node, message: 'every text has an empty text in it' }
    : undefined;
};

const searches = ({ spec }: CallNode): boolean => ['matches', 'contains', 'startsWith', 'endsWith'].includes(spec.name);

const looks: readonly Look[] = [
  needless,
  otherForm,
  emptyText,
  noValue,
  noAddress,
  twice,
  withTruth,
  emptyList,
  hostBits,
  patternSlips,
  ...methodLooks,
];
