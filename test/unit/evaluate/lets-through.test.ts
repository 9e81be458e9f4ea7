import { describe, expect, it } from '@jest/globals';
import { letsThroughBy } from '../../../src/evaluate/lets-through.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';

const list = '# source: us\n# date: 2026-05-01\nok.example\n';

/** Does one more entry of `vetted` let somebody through by a rule with this condition and these effects? */
function opens(when: string, effects: string): boolean {
  const text = `reasons: { email.strange: { title: Strange, public: additional_verification_required } }
predicates: { is_vetted: email.domain in lists.vetted }
rules:
  - id: trial
    family: ${effects.includes('at_most') ? 'list' : 'email'}
    on: [signup]
    when: ${JSON.stringify(when)}
${effects}
    reason: email.strange
    title: A trial
    owner: trial
`;
  const files = new Map([
    ['rules.yml', text],
    ['lists/vetted.txt', list],
    ['lists/other.txt', list],
  ]);
  const { ruleSet, errors } = loadRuleSet({ files, now: Date.parse('2026-11-21') });
  const rule = ruleSet?.declarations[0];
  if (ruleSet === undefined || rule === undefined) throw new Error(JSON.stringify(errors));
  return letsThroughBy(rule, 'vetted', ruleSet);
}

const against = '    points: 40\n    at_least: hold';
const forPeople = '    points: -40';
const exception = `    points: 40
    except: [{ when: email.domain in lists.vetted, why: ours, owner: trial, until: 2099-01-01 }]`;

describe('a list lets people through', () => {
  it.each([
    ['by negative points', 'email.domain in lists.vetted', forPeople],
    ['by a ceiling', 'email.domain in lists.vetted', '    points: 0\n    at_most: allow'],
    ['by a negation in a rule against them', '!(email.domain in lists.vetted)', against],
    ['by a negation of a predicate', '!is_vetted && email.domain != "x.example"', against],
    ['by a comparison with no', '(email.domain in lists.vetted) == false', against],
    ['by an exception', 'email.domain == "x.example"', exception],
  ])('%s', (_how, when, effects) => {
    expect(opens(when, effects)).toBe(true);
  });

  it.each([
    ['by points against them', 'email.domain in lists.vetted', against],
    ['by a negation of a negation against them', '!(email.domain == "x.example" || !is_vetted)', against],
    ['by a negation in a rule for them', '!(email.domain in lists.vetted)', forPeople],
    ['by being another list', 'email.domain in lists.other', forPeople],
  ])('not %s', (_how, when, effects) => {
    expect(opens(when, effects)).toBe(false);
  });
});
