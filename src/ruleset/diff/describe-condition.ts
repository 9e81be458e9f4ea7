import type { ComparisonOperator } from '../../expression/ast.js';
import type { ConditionForm, GroupForm, LeafForm } from './condition-form.js';
import { ofNoun, someOf } from './words.js';

/** What is counted by a name that conditions compare: `accounts`; empty where there is no such word. */
export type NounOf = (name: string) => string;

const mostPhrases = 8;

/** What is another about the condition, leaf by leaf; empty when both mean the same. */
export function describeCondition(before: ConditionForm, after: ConditionForm, nounOf: NounOf): readonly string[] {
  const phrases = differences(before, after, { nounOf, within: 'alone' });
  if (phrases.length <= mostPhrases) return phrases;
  return [...phrases.slice(0, mostPhrases), `${phrases.length - mostPhrases} more differences`];
}

interface Place {
  readonly nounOf: NounOf;
  readonly within: 'alone' | 'and' | 'or';
}

function differences(before: ConditionForm, after: ConditionForm, place: Place): string[] {
  if (before.key === after.key) return [];
  if (before.kind === 'leaf' && after.kind === 'leaf') return [leafDifference(before, after, place.nounOf)];
  const kind = sharedKind(before, after);
  if (kind === undefined) return [`when \`${after.text}\` instead of \`${before.text}\``];
  const rest = unmatched(partsOf(before, kind), partsOf(after, kind));
  const joined = joinedOtherwise(rest);
  const { pairs, gone, come } = pairUp(joined.rest.gone, joined.rest.come);
  const inner = { nounOf: place.nounOf, within: kind } as const;
  return [
    ...joined.phrases,
    ...pairs.flatMap(([from, to]) => inside(from, to, differences(from, to, inner))),
    ...come.map(({ text }) => (kind === 'or' ? `also when \`${text}\`` : `only when \`${text}\` too`)),
    ...gone.map(({ text }) => (kind === 'or' ? `no longer when \`${text}\`` : `no longer asks for \`${text}\``)),
  ];
}

/** Says where, when a part of several has changed within. */
function inside(from: ConditionForm, to: ConditionForm, phrases: readonly string[]): readonly string[] {
  if (from.kind === 'leaf' && to.kind === 'leaf') return phrases;
  return phrases.map((phrase) => `${phrase} (within \`${shortened(to.text)}\`)`);
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

const partsOf = (form: ConditionForm, kind: 'and' | 'or'): readonly ConditionForm[] =>
  form.kind === kind ? form.children : [form];

/** As what both are best looked at: the operator under which they have most in common. */
function sharedKind(before: ConditionForm, after: ConditionForm): 'and' | 'or' | undefined {
  const kinds = (['and', 'or'] as const).filter((kind) => before.kind === kind || after.kind === kind);
  const scored = kinds.map((kind) => {
    const [from, to] = [partsOf(before, kind), partsOf(after, kind)];
    const { gone, come } = unmatched(from, to);
    const same = from.length - gone.length;
    return { kind, score: 2 * same + pairUp(gone, come).pairs.length };
  });
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score > 0 ? best.kind : undefined;
}

interface Rest {
  readonly gone: readonly ConditionForm[];
  readonly come: readonly ConditionForm[];
}

function unmatched(before: readonly ConditionForm[], after: readonly ConditionForm[]): Rest {
  const [old, fresh] = [new Set(before.map(({ key }) => key)), new Set(after.map(({ key }) => key))];
  return { gone: before.filter(({ key }) => !fresh.has(key)), come: after.filter(({ key }) => !old.has(key)) };
}

/** The parts of a group that stand by themselves on the other side: one of them was enough, and now all are needed, or the reverse. */
function joinedOtherwise({ gone, come }: Rest): { readonly phrases: readonly string[]; readonly rest: Rest } {
  const [dissolved, formed] = [groupsOf(gone, come), groupsOf(come, gone)];
  const phrases = [
    ...dissolved.map((group) => joinedPhrase(group, group.kind === 'or')),
    ...formed.map((group) => joinedPhrase(group, group.kind === 'and')),
  ];
  const told = new Set(
    [...dissolved, ...formed].flatMap(({ key, children }) => [key, ...children.map((one) => one.key)]),
  );
  const isLeft = ({ key }: ConditionForm): boolean => !told.has(key);
  return { phrases, rest: { gone: gone.filter(isLeft), come: come.filter(isLeft) } };
}

/** Groups all of whose parts stand among others. */
function groupsOf(forms: readonly ConditionForm[], others: readonly ConditionForm[]): readonly GroupForm[] {
  const keys = new Set(others.map(({ key }) => key));
  return forms
    .filter((form) => form.kind !== 'leaf')
    .filter(({ children }) => children.every(({ key }) => keys.has(key)));
}

function joinedPhrase({ children }: GroupForm, needsAll: boolean): string {
  const parts = children.map(({ text }) => `\`${text}\``).join(', ');
  return needsAll
    ? `only when all of ${parts} hold, no longer when one does`
    : `when one of ${parts} holds, no longer only when all do`;
}

/** Parts that are plainly the same part, edited: tests of one input, or groups that share a part. */
function pairUp(gone: readonly ConditionForm[], come: readonly ConditionForm[]) {
  const pairs: (readonly [ConditionForm, ConditionForm])[] = [];
  const left = new Set(come);
  const alone = gone.filter((from) => {
    const to = [...left].find((candidate) => isEdited(from, candidate));
    if (to === undefined) return true;
    left.delete(to);
    pairs.push([from, to]);
    return false;
  });
  return { pairs, gone: alone, come: [...left] };
}

function isEdited(from: ConditionForm, to: ConditionForm): boolean {
  if (from.kind === 'leaf' && to.kind === 'leaf') {
    const { of } = from.test;
    return of !== undefined && of === to.test.of;
  }
  const keys = new Set(leavesOf(from).map(({ key }) => key));
  const inputs = new Set(leavesOf(from).flatMap(({ test }) => test.of ?? []));
  return leavesOf(to).some(({ key, test }) => keys.has(key) || (test.of !== undefined && inputs.has(test.of)));
}

const leavesOf = (form: ConditionForm): readonly LeafForm[] =>
  form.kind === 'leaf' ? [form] : form.children.flatMap(leavesOf);

function leafDifference(before: LeafForm, after: LeafForm, nounOf: NounOf): string {
  const [a, b] = [before.test, after.test];
  if (a.kind === 'compare' && b.kind === 'compare' && a.of === b.of && a.operator === b.operator) {
    const noun = typeof b.value === 'number' ? nounOf(b.of) : '';
    const amount = noun === '' || typeof b.value !== 'number' ? shown(b.value) : ofNoun(b.value, noun);
    return `${prepositions[b.operator]} ${amount} instead of ${shown(a.value)} (${b.of})`;
  }
  if (a.kind === 'among' && b.kind === 'among' && a.of === b.of && a.negated === b.negated) {
    const added = b.values.filter((value) => !a.values.includes(value)).map(shown);
    const removed = a.values.filter((value) => !b.values.includes(value)).map(shown);
    const parts = [
      ...(added.length > 0 ? [`with ${someOf(added, 5)}`] : []),
      ...(removed.length > 0 ? [`without ${someOf(removed, 5)}`] : []),
    ];
    return `the values of ${b.of} ${parts.join(' and ')}`;
  }
  return `when \`${after.text}\` instead of \`${before.text}\``;
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));

const prepositions: Readonly<Record<ComparisonOperator, string>> = {
  '>=': 'from',
  '>': 'above',
  '<=': 'up to',
  '<': 'below',
  '==': 'at',
  '!=': 'at anything but',
};
