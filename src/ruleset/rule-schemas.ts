import { eventTypes } from '../model/event-type.js';
import { publicReasons } from '../model/reason.js';
import { families, verificationMethods } from '../model/rule.js';
import { signalCatalogue } from '../signals/catalogue.js';
import { featureKindRegistry } from './feature-kinds.js';
import { hubCapBounds, linkKeys, linkStrengths } from './read-link.js';
import { ruleKeys } from './read-rule.js';
import { ruleResults } from './rule-declaration.js';

type Schema = Readonly<Record<string, unknown>>;

const draft = 'https://json-schema.org/draft/2020-12/schema';
const oneOf = (values: readonly string[]): Schema => ({ enum: values });
const text: Schema = { type: 'string', minLength: 1 };
const expression: Schema = { type: ['string', 'boolean', 'number'], description: 'An expression; see the guide.' };
const duration: Schema = { type: 'string', pattern: '^[0-9]+[smhdw]$', examples: ['10m', '24h', '90d'] };
const share: Schema = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?\\s?%$', examples: ['5%'] };
const date: Schema = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' };
const points: Schema = { type: 'number', minimum: 0, maximum: 100 };
const count: Schema = { type: 'integer', minimum: 0 };
const many = (items: Schema): Schema => ({ type: 'array', items, minItems: 1, uniqueItems: true });
const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
const strict = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

/** JSON Schemas by file name, made from the same registries that the loader reads with. */
export function ruleSchemas(): Readonly<Record<string, Schema>> {
  const sections = {
    version: text,
    features: mapOf(feature()),
    links: mapOf(link()),
    predicates: mapOf(expression),
    rules: { type: 'array', items: rule() },
  };
  const all = { ...sections, policy: policy(), reasons: mapOf(reason()) };
  const file = (title: string): Schema => ({ $schema: draft, title, ...strict(all) });
  return {
    'rules.json': file('Rules'),
    'policy.json': file('Policy'),
    'reasons.json': file('Reason codes'),
  };
}

function feature(): Schema {
  const signals = oneOf(signalCatalogue.map(({ name }) => name));
  const kinds = featureKindRegistry.map(({ key, of }) => [key, of === undefined ? signals : oneOf(of)] as const);
  return {
    ...strict({
      ...Object.fromEntries(kinds),
      by: { type: 'array', items: signals, uniqueItems: true },
      window: duration,
      baseline: duration,
      older_than: duration,
      min: { type: 'integer', minimum: 1, maximum: 1000 },
      on: many(oneOf(eventTypes)),
      exact_to: { type: 'integer', minimum: 1 },
    }),
    oneOf: kinds.map(([key]) => ({ required: [key] })),
  };
}

const link = (): Schema =>
  strict(
    {
      by: many(oneOf(signalCatalogue.map(({ name }) => name))),
      strength: oneOf(linkStrengths),
      hub_cap: { type: 'integer', minimum: hubCapBounds[0], maximum: hubCapBounds[1] },
      ttl: duration,
      when: expression,
    },
    linkKeys.required,
  );

function rule(): Schema {
  const exception = strict({ when: expression, why: text, owner: text, until: date }, [
    'when',
    'why',
    'owner',
    'until',
  ]);
  const test = strict({ name: text, given: { type: 'object' }, expect: oneOf(ruleResults) }, [
    'name',
    'given',
    'expect',
  ]);
  return strict(
    {
      id: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,63}$' },
      family: oneOf(families),
      on: many(oneOf(eventTypes)),
      when: expression,
      points: expression,
      points_max: points,
      at_least: oneOf(['limit', 'hold', 'deny']),
      verify: many(oneOf(verificationMethods)),
      reason: text,
      title: text,
      owner: text,
      mode: { oneOf: [oneOf(['live', 'shadow', 'off']), strict({ rollout: share }, ['rollout'])] },
      except: { type: 'array', items: exception },
      fuse: strict({ share, min: count, over: duration }, ['share', 'min', 'over']),
      tests: { type: 'array', items: test },
    },
    ruleKeys.required,
  );
}

const reason = (): Schema => strict({ title: text, public: oneOf(publicReasons) }, ['title', 'public']);

function policy(): Schema {
  const answer = oneOf(['ignore', 'limit', 'hold']);
  const probation = strict({ for: duration, requests_per_day: count }, ['for', 'requests_per_day']);
  return strict({
    thresholds: strict({ limit: points, hold: points }),
    family_caps: strict(Object.fromEntries(families.map((family) => [family, points]))),
    hold_needs_families: { type: 'integer', minimum: 1 },
    limit: strict({ requests_per_day: count }),
    probation: { oneOf: [{ const: 'off' }, probation] },
    unavailable: strict({ velocity: answer, ring: answer, ip_intel: answer }),
    fail: strict({
      store_down: oneOf(['reject']),
      gate_unknown: oneOf(['deny', 'allow']),
      gate_max_staleness: duration,
    }),
    rescore: { type: 'array', items: duration },
    retro_hold: strict({
      max_accounts_per_hour: count,
      spare: { type: 'array', items: oneOf(['verified', 'paid_30d']) },
      younger_than: duration,
    }),
    budget: strict({ held_share: share, over: duration }),
  });
}
