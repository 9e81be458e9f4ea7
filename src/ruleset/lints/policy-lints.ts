import { type Family, families } from '../../model/rule.js';
import { fraudSlots } from '../fraud-slots.js';
import type { RuleSet } from '../rule-set.js';
import { isLive } from './is-live.js';
import type { Lint } from './lint.js';
import { fieldOf } from './sites.js';

/** What somebody has whom no rule speaks against. */
const leastScore = 0;

const reachedByAll: Lint = ({ ruleSet, policy }, sink) => {
  const { limit, hold } = ruleSet.policy.thresholds;
  const written = fieldOf(policy, 'thresholds');
  const [name, value] = hold <= leastScore ? ['hold', hold] : ['limit', limit];
  const at = fieldOf(written, name) ?? written;
  if (value <= leastScore && at !== undefined)
    sink.warn('W025', at, `everybody reaches the threshold of ${name}: who has no points has ${leastScore}`, {
      hint: 'a threshold above 0',
    });
};

/** Families of live rules that can give points against an account. */
function accusing({ declarations }: RuleSet): readonly Family[] {
  const found = new Set(
    declarations
      .filter(isLive)
      .filter(canAccuse)
      .map(({ info }) => info.family),
  );
  return families.filter((family) => found.has(family));
}

/** Points that are no plain number may come to something. */
const canAccuse = ({ info }: RuleSet['declarations'][number]): boolean =>
  !(Number(info.points) <= 0) && info.pointsMax > 0;

/** Whoever holds by `at_least` may want no score to. */
const holdsByItself = ({ declarations }: RuleSet): boolean =>
  declarations.some((rule) => isLive(rule) && (rule.info.atLeast === 'hold' || rule.info.atLeast === 'deny'));

/** Confirmed fraud holds by one family. */
const knowsFraud = ({ declarations, features }: RuleSet): boolean =>
  declarations.some((rule) => isLive(rule) && fraudSlots(rule, features).onStrongLinks.length > 0);

const reachedByNobody: Lint = ({ ruleSet, policy }, sink) => {
  const found = accusing(ruleSet);
  if (found.length === 0 || holdsByItself(ruleSet)) return;
  const { thresholds, familyCaps, holdNeedsFamilies } = ruleSet.policy;
  const most = found.reduce((sum, family) => sum + (familyCaps[family] ?? 100), 0);
  const threshold = fieldOf(fieldOf(policy, 'thresholds'), 'hold') ?? fieldOf(policy, 'family_caps');
  if (most < thresholds.hold && threshold !== undefined)
    sink.warn('W025', threshold, `no score reaches hold (${thresholds.hold}): the caps let through ${most} points`, {
      hint: 'a lower threshold, or higher family_caps',
    });
  const needed = fieldOf(policy, 'hold_needs_families');
  if (found.length < holdNeedsFamilies && needed !== undefined && !knowsFraud(ruleSet))
    sink.warn(
      'W025',
      needed,
      `no score holds: it takes points of ${holdNeedsFamilies} families, and the live rules are of ${found.length}`,
    );
};

/** Thresholds that everybody reaches, or nobody. */
export const policyLints: readonly Lint[] = [reachedByAll, reachedByNobody];
