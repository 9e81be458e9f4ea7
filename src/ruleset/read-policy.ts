import { caseReasons } from '../model/case.js';
import { type InputGroup, type Policy, policyLevels } from '../model/policy.js';
import { type Family, families } from '../model/rule.js';
import { defaultPolicy } from './default-policy.js';
import { readVerificationPolicy } from './read-verification-policy.js';
import { didYouMean } from './yaml/other-words.js';
import type { FieldReader } from './yaml/read-fields.js';
import type { YamlNode, YamlScalar } from './yaml/yaml-node.js';

/** Codes of the registry. */
type Reasons = ReadonlyMap<string, unknown>;
type Section = (node: YamlNode, fields: FieldReader, reasons: Reasons) => Partial<Policy>;

/** One reader for each key of `policy`; what it does not find keeps its default. */
const sections: Readonly<Record<string, Section>> = {
  level: (node, fields) => keep('level', fields.oneOf(node, 'level', policyLevels)),
  thresholds: (node, fields) => ({ thresholds: readThresholds(node, fields) }),
  family_caps: (node, fields) => ({ familyCaps: readCaps(node, fields) }),
  hold_needs_families: (node, fields) =>
    keep('holdNeedsFamilies', fields.wholeNumber(node, 'hold_needs_families', [1, families.length])),
  limit: (node, fields) => ({ limit: readLimit(node, fields) }),
  probation: readProbation,
  unavailable: (node, fields) => ({ unavailable: readUnavailable(node, fields) }),
  fail: (node, fields) => ({ fail: readFail(node, fields) }),
  rescore: readRescore,
  retro_hold: (node, fields) => ({ retroHold: readRetroHold(node, fields) }),
  sla: (node, fields, reasons) => ({ sla: readSla(node, fields, reasons) }),
  cost: (node, fields) => ({ cost: { plan: readPlanCost(node, fields) } }),
  verification: (node, fields) => ({ verification: readVerificationPolicy(node, fields) }),
  four_eyes: (node, fields) => ({ fourEyes: readFourEyes(node, fields) }),
  budget: (node, fields) => ({ budget: readBudget(node, fields) }),
};

export const policyKeys: readonly string[] = Object.keys(sections);

export function readPolicy(node: YamlNode, fields: FieldReader, reasons: Reasons): Policy {
  let policy = defaultPolicy;
  const values = fields.map(node, { what: 'the policy', known: policyKeys });
  for (const [key, value] of values ?? []) policy = { ...policy, ...sections[key]?.(value, fields, reasons) };
  return policy;
}

const keep = <K extends keyof Policy>(key: K, value: Policy[K] | undefined): Partial<Policy> =>
  value === undefined ? {} : { [key]: value };

const points = [0, 100] as const;
const quota = [0, 1_000_000_000] as const;

function readThresholds(node: YamlNode, fields: FieldReader): Policy['thresholds'] {
  const values = fields.map(node, { what: 'thresholds', known: ['limit', 'hold'] });
  const read = (name: 'limit' | 'hold'): number => {
    const value = values?.get(name);
    return (
      (value === undefined ? undefined : fields.number(value, `the threshold of ${name}`, points)) ??
      defaultPolicy.thresholds[name]
    );
  };
  const thresholds = { limit: read('limit'), hold: read('hold') };
  if (thresholds.limit > thresholds.hold)
    fields.error(
      'E014',
      values?.get('hold') ?? values?.get('limit') ?? node,
      `limit (${thresholds.limit}) lies above hold (${thresholds.hold})`,
    );
  return thresholds;
}

function readCaps(node: YamlNode, fields: FieldReader): Policy['familyCaps'] {
  const caps: Partial<Record<Family, number>> = {};
  const values = fields.map(node, { what: 'family_caps', known: families });
  for (const family of families) {
    const value = values?.get(family);
    const cap = value === undefined ? undefined : fields.number(value, 'a cap', points);
    if (cap !== undefined) caps[family] = cap;
  }
  return caps;
}

function readLimit(node: YamlNode, fields: FieldReader): Policy['limit'] {
  const values = fields.map(node, { what: 'limit', known: ['requests_per_day', 'ring_requests_per_day'] });
  const read = (name: string): number | undefined => {
    const value = values?.get(name);
    return value === undefined ? undefined : fields.wholeNumber(value, name, quota);
  };
  const requestsPerDay = read('requests_per_day') ?? defaultPolicy.limit.requestsPerDay;
  const ringRequestsPerDay = read('ring_requests_per_day');
  if (ringRequestsPerDay === undefined) return { requestsPerDay };
  if (ringRequestsPerDay < requestsPerDay)
    fields.error(
      'E014',
      values?.get('ring_requests_per_day') ?? node,
      `a ring's quota (${ringRequestsPerDay}) lies below that of one account (${requestsPerDay})`,
    );
  return { requestsPerDay, ringRequestsPerDay };
}

function readProbation(node: YamlNode, fields: FieldReader): Partial<Policy> {
  if (node.kind === 'scalar' && node.text === 'off') return { probation: 'off' };
  const values = fields.map(node, {
    what: "probation ('off', or how long and how much)",
    known: ['for', 'requests_per_day'],
    required: ['for', 'requests_per_day'],
  });
  const time = values?.get('for');
  const requests = values?.get('requests_per_day');
  const forMs = time === undefined ? undefined : fields.duration(time, 'a time');
  const requestsPerDay = requests === undefined ? undefined : fields.wholeNumber(requests, 'requests_per_day', quota);
  if (forMs === undefined || requestsPerDay === undefined) return {};
  return { probation: { forMs, requestsPerDay } };
}

const groups: readonly InputGroup[] = ['velocity', 'ring', 'ip_intel'];

function readUnavailable(node: YamlNode, fields: FieldReader): Policy['unavailable'] {
  const values = fields.map(node, { what: 'unavailable', known: groups });
  const read = (group: InputGroup): Policy['unavailable'][InputGroup] => {
    const value = values?.get(group);
    const floor = value === undefined ? undefined : fields.oneOf(value, 'answer', ['ignore', 'limit', 'hold']);
    return floor ?? defaultPolicy.unavailable[group];
  };
  return { velocity: read('velocity'), ring: read('ring'), ip_intel: read('ip_intel') };
}

function readFail(node: YamlNode, fields: FieldReader): Policy['fail'] {
  const values = fields.map(node, { what: 'fail', known: ['store_down', 'gate_unknown', 'gate_max_staleness'] });
  const [down, unknown, staleness] = ['store_down', 'gate_unknown', 'gate_max_staleness'].map((key) =>
    values?.get(key),
  );
  const { fail } = defaultPolicy;
  return {
    storeDown: (down === undefined ? undefined : fields.oneOf(down, 'answer', ['reject'])) ?? fail.storeDown,
    gateUnknown:
      (unknown === undefined ? undefined : fields.oneOf(unknown, 'answer', ['deny', 'allow'])) ?? fail.gateUnknown,
    gateMaxStalenessMs:
      (staleness === undefined ? undefined : fields.duration(staleness, 'a time')) ?? fail.gateMaxStalenessMs,
  };
}

function readRescore(node: YamlNode, fields: FieldReader): Partial<Policy> {
  const items = fields.list(node, 'rescore');
  if (items === undefined) return {};
  const found = new Set<number>();
  for (const item of items) {
    const at = fields.duration(item, 'a time');
    if (at !== undefined && found.has(at)) fields.error('E019', item, 'the same time stands twice');
    if (at !== undefined) found.add(at);
  }
  return { rescoreMs: [...found].sort((a, b) => a - b) };
}

const spared = ['verified', 'paid_30d'] as const;

function readRetroHold(node: YamlNode, fields: FieldReader): Policy['retroHold'] {
  const values = fields.map(node, { what: 'retro_hold', known: ['max_accounts_per_hour', 'spare', 'younger_than'] });
  const [most, spare, younger] = ['max_accounts_per_hour', 'spare', 'younger_than'].map((key) => values?.get(key));
  const { retroHold } = defaultPolicy;
  const none = spare?.kind === 'list' && spare.items.length === 0;
  return {
    maxAccountsPerHour:
      (most === undefined ? undefined : fields.wholeNumber(most, 'max_accounts_per_hour', [0, 10_000_000])) ??
      retroHold.maxAccountsPerHour,
    spare: none ? [] : ((spare === undefined ? undefined : fields.manyOf(spare, 'group', spared)) ?? retroHold.spare),
    youngerThanMs: (younger === undefined ? undefined : fields.duration(younger, 'an age')) ?? retroHold.youngerThanMs,
  };
}

function readFourEyes(node: YamlNode, fields: FieldReader): Policy['fourEyes'] {
  const value = fields.map(node, { what: 'four_eyes', known: ['ring_release'] })?.get('ring_release');
  const read = value === undefined ? undefined : fields.wholeNumber(value, 'ring_release', [0, 10_000]);
  return { ringRelease: read ?? defaultPolicy.fourEyes.ringRelease };
}

/** `default` and reason codes, each with a time. */
function readSla(node: YamlNode, fields: FieldReader, reasons: Reasons): Policy['sla'] {
  const reasonMs: Record<string, number> = {};
  let defaultMs: number | undefined;
  for (const { key, value } of fields.entries(node, 'sla') ?? []) {
    const time = fields.duration(value, 'a time');
    if (key.text === 'default') defaultMs = time;
    else if (!reasons.has(key.text) && !reasonsOfTheService.has(key.text)) unknownReason(key, fields, reasons);
    else if (time !== undefined) reasonMs[key.text] = time;
  }
  return { defaultMs, reasonMs };
}

function unknownReason(key: YamlScalar, fields: FieldReader, reasons: Reasons): void {
  const known = ['default', ...reasons.keys(), ...reasonsOfTheService];
  fields.error('E022', key, `the reason code '${key.text}' is not registered`, didYouMean(key.text, known));
}

/** Cases that no rule opens carry these. */
const reasonsOfTheService: ReadonlySet<string> = new Set(caseReasons);

const planPoints = [0, 30] as const;

/** Names of plans are the caller's own. */
function readPlanCost(node: YamlNode, fields: FieldReader): Readonly<Record<string, number>> {
  const plan = fields.map(node, { what: 'cost', known: ['plan'], required: ['plan'] })?.get('plan');
  const cost: Record<string, number> = {};
  for (const { key, value } of plan === undefined ? [] : (fields.entries(plan, 'plan') ?? [])) {
    const points = fields.number(value, 'what a plan adds', planPoints);
    if (points !== undefined) cost[key.text] = points;
  }
  return cost;
}

function readBudget(node: YamlNode, fields: FieldReader): Policy['budget'] {
  const values = fields.map(node, { what: 'budget', known: ['held_share', 'over'] });
  const share = values?.get('held_share');
  const over = values?.get('over');
  const usual = defaultPolicy.budget.heldShare;
  return {
    heldShare: (share === undefined ? undefined : fields.share(share, 'a share', usual)) ?? usual,
    overMs: (over === undefined ? undefined : fields.duration(over, 'a time')) ?? defaultPolicy.budget.overMs,
  };
}
