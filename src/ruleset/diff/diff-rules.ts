import type { RuleMode } from '../../model/rule.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import type { RuleSet } from '../rule-set.js';
import { type Change, opposite } from './change.js';
import type { Comparison, RulePair } from './comparison.js';
import { diffRule } from './diff-rule.js';
import { pointsRange } from './points-range.js';
import { counts, modeText, openedForm, pointsText, reach, towards } from './rule-words.js';

export function diffRules(comparison: Comparison): readonly Change[] {
  const { before, after } = comparison;
  const [old, fresh] = [byId(before), byId(after)];
  const gone = before.declarations.filter(({ info }) => !fresh.has(info.id));
  const come = after.declarations.filter(({ info }) => !old.has(info.id));
  const renamed = renamedRules(gone, come, comparison);
  const [from, to] = [new Set(renamed.map((pair) => pair.before)), new Set(renamed.map((pair) => pair.after))];
  const kept = after.declarations.flatMap((declaration) => {
    const earlier = old.get(declaration.info.id);
    return earlier === undefined ? [] : [{ before: earlier, after: declaration, comparison }];
  });
  return [
    ...come.filter((rule) => !to.has(rule)).map((rule) => addedOrRemoved(rule, 'added', after)),
    ...gone.filter((rule) => !from.has(rule)).map((rule) => addedOrRemoved(rule, 'removed', before)),
    ...renamed.flatMap((pair) => [renaming(pair), ...diffRule(pair)]),
    ...kept.flatMap(diffRule),
  ];
}

const byId = ({ declarations }: RuleSet): ReadonlyMap<string, RuleDeclaration> =>
  new Map(declarations.map((declaration) => [declaration.info.id, declaration]));

/** A rule that went and one that came with the same condition and family are one rule under another id. */
function renamedRules(
  gone: readonly RuleDeclaration[],
  come: readonly RuleDeclaration[],
  comparison: Comparison,
): readonly RulePair[] {
  const identity = (rule: RuleDeclaration, rename?: Comparison['rename']): string =>
    `${rule.info.family} ${openedForm(rule, rename).key}`;
  const open = new Map(come.map((rule) => [identity(rule), rule]));
  return gone.flatMap((rule) => {
    const key = identity(rule, comparison.rename);
    const found = open.get(key);
    open.delete(key);
    return found === undefined ? [] : [{ before: rule, after: found, comparison }];
  });
}

/** Shares are drawn by the id, and clearings name it: of a rule that counts it can be either. */
function renaming({ before: from, after, comparison }: RulePair): Change {
  const both = (is: (mode: RuleMode) => boolean): boolean => is(from.info.mode) && is(after.info.mode);
  const others = both(isRollout) ? '; its roll-out counts for other accounts' : '';
  const range = pointsRange(after, comparison.after.features);
  return {
    thing: 'rule',
    name: after.info.id,
    what: 'renamed',
    text: `was '${from.info.id}'; decisions, counts and clearings of the old id do not count for the new one${others}`,
    effect: both(counts) ? 'either' : 'none',
    weight: reach(after.info, range, comparison.after.policy),
  };
}

const isRollout = (mode: RuleMode): boolean => typeof mode === 'object';

function addedOrRemoved(rule: RuleDeclaration, what: 'added' | 'removed', ruleSet: RuleSet): Change {
  const { info } = rule;
  const range = pointsRange(rule, ruleSet.features);
  const effect = counts(info.mode) ? towards(info, range) : 'none';
  const floor = info.atLeast === undefined ? '' : `, at least ${info.atLeast}`;
  const ceiling = info.atMost === undefined ? '' : `, at most ${info.atMost}`;
  const head = what === 'added' ? `${modeText(info.mode)}: ` : '';
  const text = `${head}${pointsText(rule, range)} (${info.family}${floor}${ceiling}) on ${info.on.join(', ')} when \`${info.when.replace(/\s+/g, ' ').trim()}\``;
  const signed = what === 'added' ? effect : opposite(effect);
  return { thing: 'rule', name: info.id, what, text, effect: signed, weight: reach(info, range, ruleSet.policy) };
}
