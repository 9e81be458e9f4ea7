import { evidenceKinds } from '../model/evidence.js';
import { verificationMethods } from '../model/rule.js';
import type { YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import { type ReadStep, type StepsReading, stepTime, type Timeline } from './step-timeline.js';
import { headOf, readLabel, readSpan } from './test-reader.js';

/** What is no event, by the key that says so. */
export const otherSteps: Readonly<Record<string, ReadStep>> = {
  wait: readWait,
  label: readLabelStep,
  verify: readVerify,
  review: readReview,
};

function readWait(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, { what: 'a wait', known: ['wait'] });
  const wait = values?.get('wait');
  timeline.now += wait === undefined ? 0 : (readSpan(wait, 'wait', reading) ?? 0);
  timeline.steps.push({ kind: 'wait', at: timeline.now, place: node });
}

const stepShape = (what: string, name: string, more: readonly string[] = []) => ({
  what,
  known: [name, 'account.id', 'account', 'at', 'after', ...more],
  required: [name],
});

/** Dotted or as a map, as in events. */
function accountOf(node: YamlMap, { fields }: StepsReading, { accounts }: Timeline): string | undefined {
  const own = (name: string): YamlNode | undefined => node.entries.get(name)?.value;
  const account = own('account');
  const inner = account === undefined ? undefined : fields.map(account, accountShape)?.get('id');
  const idNode = own('account.id') ?? inner;
  if (idNode === undefined)
    return account === undefined ? fields.error('E011', headOf(node), "the step needs 'account.id'") : undefined;
  const id = fields.text(idNode, 'an account');
  if (id !== undefined) accounts.push({ id, at: idNode });
  return id;
}

const accountShape = { what: 'an account', known: ['id'], required: ['id'] };

function readLabelStep(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, stepShape('a label', 'label'));
  const labelNode = values?.get('label');
  const label = labelNode === undefined ? undefined : readLabel(labelNode, reading);
  const accountId = accountOf(node, reading, timeline);
  const at = stepTime(node, reading, timeline);
  if (label !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'label', at, accountId, label, place: node });
}

const results = ['passed', 'failed'] as const;

function readVerify(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const { fields } = reading;
  const values = fields.map(node, stepShape('a verification', 'verify', ['result', 'evidence']));
  const [methodNode, resultNode] = [values?.get('verify'), values?.get('result')];
  const method = methodNode === undefined ? undefined : fields.oneOf(methodNode, 'method', verificationMethods);
  const result = resultNode === undefined ? 'passed' : fields.oneOf(resultNode, 'result', results);
  const evidence = readEvidence(values?.get('evidence'), reading);
  const accountId = accountOf(node, reading, timeline);
  const at = stepTime(node, reading, timeline);
  if (method !== undefined && evidence !== undefined && result !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'verify', at, accountId, method, result, evidence, place: node });
}

/** What whoever checked it saw: `evidence: { phone: "+15551234567" }`. Undefined when something is wrong with it. */
function readEvidence(node: YamlNode | undefined, { fields }: StepsReading): Record<string, string> | undefined {
  if (node === undefined) return {};
  const values = fields.map(node, { what: 'evidence', known: evidenceKinds });
  if (values === undefined) return undefined;
  const shown = [...values].map(([kind, value]) => [kind, fields.text(value, `the ${kind}`)] as const);
  const known = shown.flatMap(([kind, text]) => (text === undefined ? [] : [[kind, text] as const]));
  return known.length < shown.length ? undefined : Object.fromEntries(known);
}

const reviews = { hold: 'held', release: 'admitted', deny: 'denied' } as const;
const reviewNames = ['hold', 'release', 'deny'] as const;

function readReview(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, stepShape('a review', 'review'));
  const reviewNode = values?.get('review');
  const review = reviewNode === undefined ? undefined : reading.fields.oneOf(reviewNode, 'review', reviewNames);
  const accountId = accountOf(node, reading, timeline);
  const at = stepTime(node, reading, timeline);
  if (review !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'review', at, accountId, to: reviews[review], place: node });
}
