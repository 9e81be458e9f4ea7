import { dayText } from '../../model/time.js';
import { endOfException, type RuleDeclaration, type RuleException } from '../rule-declaration.js';
import { type Change, effectOf, opposite } from './change.js';
import { asIs, type RulePair } from './comparison.js';
import { conditionForm } from './condition-form.js';

type Difference = Pick<Change, 'what' | 'text' | 'effect'>;

/** New, gone and changed exceptions; the effect is that of the rule firing more or less. */
export function diffExceptions({ before, after, comparison }: RulePair): Difference[] {
  const { rename, now } = comparison;
  const old = byCondition(before, rename);
  const fresh = byCondition(after, asIs);
  const come = [...fresh].filter(([key]) => !old.has(key)).map(([, exception]) => added(exception, now));
  const gone = [...old].filter(([key]) => !fresh.has(key)).map(([, exception]) => removed(exception, now));
  const kept = [...fresh].flatMap(([key, exception]) => {
    const earlier = old.get(key);
    return earlier === undefined || earlier.lastDay === exception.lastDay ? [] : [moved(earlier, exception, now)];
  });
  return [...come, ...gone, ...kept];
}

/** Of several with the same condition the one that lasts longest is what counts. */
function byCondition(rule: RuleDeclaration, rename: (name: string) => string): ReadonlyMap<string, RuleException> {
  const lasting = new Map<string, RuleException>();
  for (const exception of rule.exceptions) {
    const { key } = conditionForm(exception.when, { opened: true, rename });
    const other = lasting.get(key);
    if (other === undefined || other.lastDay < exception.lastDay) lasting.set(key, exception);
  }
  return lasting;
}

const shown = ({ when }: RuleException): string => `\`${when.text.replace(/\s+/g, ' ').trim()}\``;

function added(exception: RuleException, now: number): Difference {
  const { lastDay, why, owner } = exception;
  const head = `a new exception where ${shown(exception)} until ${dayText(lastDay)}`;
  if (endOfException(exception) <= now) return { what: 'except', text: `${head}, which has expired`, effect: 'none' };
  return { what: 'except', text: `${head} (${owner}: ${why})`, effect: 'looser' };
}

function removed(exception: RuleException, now: number): Difference {
  const head = `no longer an exception where ${shown(exception)}`;
  if (endOfException(exception) > now) return { what: 'except', text: head, effect: 'stricter' };
  return { what: 'except', text: `${head}; its last day was ${dayText(exception.lastDay)}`, effect: 'none' };
}

const moved = (old: RuleException, fresh: RuleException, now: number): Difference => ({
  what: 'except',
  text: `the exception where ${shown(fresh)} holds until ${dayText(fresh.lastDay)} instead of ${dayText(old.lastDay)}`,
  effect: [old, fresh].every((one) => endOfException(one) <= now)
    ? 'none'
    : opposite(effectOf(old.lastDay, fresh.lastDay)),
});
