import { signalCatalogue } from '../signals/catalogue.js';
import { featureSchema, linkSchema } from './schemas/feature-schema.js';
import { policySchema } from './schemas/policy-schema.js';
import { reasonSchema, ruleSchema } from './schemas/rule-schema.js';
import { content, mapOf, oneOf, ref, type Schema, strict, text } from './schemas/schema.js';
import { testDefinitions, testFileSchema } from './schemas/test-file-schema.js';

const draft = 'https://json-schema.org/draft/2020-12/schema';

/** JSON Schemas by file name, made from the same registries that the loader reads with. */
export function ruleSchemas(): Readonly<Record<string, Schema>> {
  return {
    'rules.json': rulesFile('Rules'),
    'policy.json': rulesFile('Policy'),
    'reasons.json': rulesFile('Reason codes'),
    'tests.json': { $schema: draft, title: 'Sequence tests', ...testFileSchema(), $defs: testDefinitions() },
  };
}

/** Any file may hold any section: the titles tell what each is usually for. */
function rulesFile(title: string): Schema {
  const sections = {
    version: text('Version of the rule set; made from its content if silent.', { examples: ['2026-11-20.3'] }),
    features: mapOf(featureSchema(), 'Numbers over history, by name.'),
    links: mapOf(linkSchema(), 'What joins accounts into rings, by name.'),
    predicates: mapOf(ref('condition'), 'Conditions that several rules share, by name.'),
    rules: { description: 'Rules.', type: 'array', items: ruleSchema() },
    policy: policySchema(),
    reasons: mapOf(reasonSchema(), 'The reason codes that rules may give: family.detail.'),
  };
  return {
    $schema: draft,
    title,
    ...strict('All files of the folder are one rule set.', sections),
    $defs: definitions(),
  };
}

const definitions = (): Readonly<Record<string, Schema>> => ({
  signal: content(
    'signal',
    oneOf(
      signalCatalogue.map(({ name }) => name),
      'The name of a signal.',
    ),
  ),
  condition: content('condition', {
    description: 'A condition. In quotes where it begins with !, [, { or a quote, or holds ": " or " #".',
    type: ['string', 'boolean'],
  }),
  unavailable: strict('It could not be looked up.', { unavailable: text('Why.') }, ['unavailable']),
  given: content('inputs', {
    description: 'The inputs that have a value: signals, features, burst members, ring.*; all others are absent.',
    type: 'object',
    properties: Object.fromEntries(signalCatalogue.map((signal) => [signal.name, givenSignal(signal)])),
    additionalProperties: { anyOf: [{ type: ['number', 'string', 'boolean'] }, ref('unavailable')] },
  }),
});

const givenSignal = ({ type, doc, values }: (typeof signalCatalogue)[number]): Schema => ({
  description: doc,
  anyOf: [values === undefined ? { type } : { enum: values }, ref('unavailable')],
});
