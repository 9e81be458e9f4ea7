import { openTestData, runSequences, type TimedRun } from '../../src/cli/run-sequences.js';
import { CoverageTally } from '../../src/ruleset/coverage-tally.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import type { RuleProblem } from '../../src/ruleset/rule-problem.js';
import type { RuleSet } from '../../src/ruleset/rule-set.js';
import { type ReadTests, readTestFiles } from '../../src/sequences/read-test-files.js';

export const sequencesNow = Date.parse('2026-11-21T12:00:00Z');

/** Rules that sequences are tried on: counters, a burst, a label, a list, a ring, an exception and a shadow rule. */
export const sequenceRules = `
reasons:
  velocity.burst: { title: Many signups, public: additional_verification_required }
  payment.reused: { title: Card used by several accounts, public: additional_verification_required }
  ring.large: { title: Part of a ring, public: additional_verification_required }
features:
  signups_per_prefix_10m: { count: event, by: [ip.prefix], window: 10m, on: [signup] }
  template_burst: { burst: signup, by: [ip.prefix, email.shape], window: 24h, baseline: 21d, min: 4 }
  card_fraud_180d: { labelled: fraud, by: [payment.fingerprint], window: 180d }
  accounts_per_card_90d: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup, payment_method_added] }
  trusted_per_card: { trusted: account.id, by: [payment.fingerprint], older_than: 7d }
links:
  card: { by: [payment.fingerprint], strength: strong, hub_cap: 20, ttl: 180d }
rules:
  - { id: velocity-prefix-burst, family: velocity, on: [signup], when: signups_per_prefix_10m >= 8, points: 35, reason: velocity.burst, title: "{signups_per_prefix_10m} signups", owner: abuse-team }
  - { id: velocity-template-burst, family: velocity, on: [signup], when: template_burst.z >= 6 && template_burst.ratio >= 4, points: 5, reason: velocity.burst, title: "{template_burst.count} signups", owner: abuse-team }
  - { id: payment-fraud, family: payment, on: [signup, payment_method_added], when: card_fraud_180d >= 1, points: 45, at_least: hold, verify: [payment], reason: payment.reused, title: "{card_fraud_180d} frauds", owner: abuse-team }
  - { id: payment-many, family: payment, on: [signup], when: accounts_per_card_90d >= 5, points: '20 / (1 + default(trusted_per_card, 0))', reason: payment.reused, title: "{accounts_per_card_90d} accounts", owner: abuse-team }
  - { id: payment-listed, family: list, on: [signup], when: payment.fingerprint in lists.burned, points: 40, reason: payment.reused, title: on the list, owner: abuse-team }
  - { id: network-far, family: network, on: [signup], when: ip.asn == 64500 && ip.country == "NL", points: 3, reason: velocity.burst, title: far away, owner: abuse-team }
  - { id: ring-five, family: ring, on: [signup], when: ring.size >= 5, points: 30, at_least: hold, reason: ring.large, title: "a ring of {ring.size}", owner: abuse-team }
  - id: shadow-free-mail
    family: email
    on: [signup]
    mode: shadow
    when: email.is_free
    points: 9
    reason: velocity.burst
    title: free mail
    owner: abuse-team
  - id: email-free
    family: email
    on: [signup]
    when: email.is_free
    points: 7
    reason: velocity.burst
    title: free mail
    owner: abuse-team
    except:
      - { when: 'account.plan == "gift"', why: a sale, owner: trust, until: 2027-06-01 }
policy:
  thresholds: { limit: 30, hold: 60 }
`;

export const burnedList = '# source: own\n# date: 2026-01-01\n# type: value\nstolen-1\n';

const filesOf = (tests: Readonly<Record<string, string>>, rules: string): ReadonlyMap<string, string> =>
  new Map([
    ['all.yml', rules],
    ['lists/burned.txt', burnedList],
    ['lists/free_mail.txt', burnedList.replace('stolen-1', 'gmail.com')],
    ...Object.entries(tests),
  ]);

const loaded = new Map<string, RuleSet>();

/** Loaded once for all tests of a file. */
function ruleSetOf(rules: string): RuleSet {
  const known = loaded.get(rules);
  if (known !== undefined) return known;
  const { ruleSet, errors } = loadRuleSet({ files: filesOf({}, rules), now: sequencesNow });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  loaded.set(rules, ruleSet);
  return ruleSet;
}

/** A file of tests as it is read beside the rules. */
export const readTests = (text: string, rules = sequenceRules): ReadTests =>
  readTestFiles(filesOf({ 'tests/one.test.yml': text }, rules), ruleSetOf(rules));

/** What is wrong with it. */
export const problemsOfTests = (text: string): readonly RuleProblem[] => readTests(text).errors;

export interface TriedSequences {
  readonly runs: readonly TimedRun[];
  readonly tally: CoverageTally;
}

let opened: ReturnType<typeof openTestData> | undefined;

/** Opened once for all tests of a file. */
async function ipData() {
  opened ??= openTestData({});
  const data = await opened;
  if (data === undefined) throw new Error('the IP data cannot be opened');
  return data;
}

/** Runs the tests of a file as `rules test` does. */
export async function trySequences(text: string, rules = sequenceRules): Promise<TriedSequences> {
  const files = filesOf({ 'tests/one.test.yml': text }, rules);
  const read = readTests(text, rules);
  if (read.errors.length > 0) throw new Error(JSON.stringify(read.errors));
  const tally = new CoverageTally();
  const parts = { files, ruleSet: ruleSetOf(rules), now: sequencesNow, data: await ipData() };
  return { runs: await runSequences(read.tests, { ...parts, tally, toTheEnd: true }), tally };
}
