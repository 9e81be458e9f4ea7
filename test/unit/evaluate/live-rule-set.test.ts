import { describe, expect, it } from '@jest/globals';
import { LiveRuleSet } from '../../../src/evaluate/live-rule-set.js';
import type { Policy } from '../../../src/model/policy.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { memoryStory } from '../../support/memory-story.js';
import { rightRules, ruleFiles, today } from '../../support/rule-files.js';

const { snapshot } = memoryStory(ruleFiles(rightRules), today).story;
const { ruleSet: first } = snapshot();

let made = 0;
/** As it comes from the other thread: a copy. */
const withPolicy = (policy: Policy): RuleSet => ({
  ...first,
  hash: `sha256:${made++}`,
  policy: structuredClone(policy),
});

const own = (level: Policy['level'] = 'enforce') => withPolicy({ ...first.policy, level, holdNeedsFamilies: 3 });
const deflt = () => withPolicy(memoryStory(ruleFiles('rules: []\n'), today).story.snapshot().ruleSet.policy);

const liveWith = (ruleSet: RuleSet) =>
  new LiveRuleSet(ruleSet, (set) => ({ ...snapshot(), ruleSet: set }), { now: () => today });

describe('the rule set in use', () => {
  it('tells that its policy has gone until there is one again', () => {
    const live = liveWith(own());
    const offered = (ruleSet: RuleSet | undefined) => {
      live.offer(ruleSet === undefined ? { errors: [], warnings: [] } : { ruleSet, errors: [], warnings: [] });
      return live.current().warnings.map(({ code }) => code);
    };
    expect(offered(own('report'))).toEqual([]);
    expect(offered(deflt())).toEqual(['W048']);
    // What lints find later, and the next save.
    expect(offered(undefined)).toEqual(['W048']);
    expect(offered(deflt())).toEqual(['W048']);
    expect(offered(own())).toEqual([]);
  });

  it('tells nothing of a service that never had one', () => {
    const live = liveWith(deflt());
    live.offer({ ruleSet: deflt(), errors: [], warnings: [] });
    expect(live.current().warnings).toEqual([]);
  });
});
