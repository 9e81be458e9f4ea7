import { observedTypes } from '../../model/event-type.js';
import {
  type FeatureKindInfo,
  type FeatureOption,
  featureKindRegistry,
  featureOptions,
  mostExact,
} from '../feature-kinds.js';
import { hubCapBounds, linkKeys, linkStrengths } from '../read-link.js';
import { content, duration, many, oneOf, ref, type Schema, snippet, strict, text, whole } from './schema.js';

const kindDocs: Readonly<Record<FeatureKindInfo['kind'], string>> = {
  count: 'How many events with the same key lie in the window. Without `by` it counts everything.',
  distinct: 'How many different values of this signal the key has in the window.',
  labelled: 'How many accounts with this label share the key in the window.',
  age: 'Seconds since the key was first seen. It has no window.',
  burst:
    'How many events of this type share the key, compared with how many usually do; read by .count, .expected, .ratio and .z; and how many of them are of accounts that are held, read by .held and .held_share.',
  trusted: 'How many accounts on the key are older than `older_than`, in good standing and were never held.',
};

const optionSchemas: Readonly<Record<FeatureOption, Schema>> = {
  window: duration('The time looked back over, the current event included.', '10m', '24h', '90d'),
  baseline: duration('The time before the window that tells what is usual.', '21d'),
  older_than: duration('How long an account has to be known.', '7d'),
  min: whole('With fewer events in the window nothing stands out; 4 if silent.', 1, 1000),
  on: many(
    oneOf(observedTypes),
    'What counts: all events if silent, or `verified` where the feature is over `verified.` signals. Any rule may read it.',
  ),
  exact_to: whole('Exact up to this many: events are estimated beyond, all others stay there.', 1, mostExact),
};

const exampleOf: Readonly<Record<FeatureKindInfo['kind'], string>> = {
  count: '{ count: event, by: [‹ip.prefix›], window: ‹10m›, on: [‹signup›] }',
  distinct: '{ distinct: ‹account.id›, by: [‹payment.fingerprint›], window: ‹90d›, on: [‹signup›] }',
  labelled: '{ labelled: ‹fraud›, by: [‹payment.fingerprint›], window: ‹180d› }',
  age: '{ age: seconds, by: [‹email.domain›] }',
  burst: '{ burst: ‹signup›, by: [‹payment.bin, device.template›], window: ‹24h›, baseline: ‹21d›, min: ‹4› }',
  trusted: '{ trusted: account.id, by: [‹ip.address›], older_than: ‹7d› }',
};

export const featureSchema = (): Schema => ({
  ...strict('A number over history. Expressions read it by its name.', {
    ...Object.fromEntries(
      featureKindRegistry.map(({ key, kind, of }) => [
        key,
        of === undefined ? ref('signal', kindDocs[kind]) : oneOf(of, kindDocs[kind]),
      ]),
    ),
    by: {
      description: 'The signals that make the key: all of them have to be equal.',
      type: 'array',
      items: ref('signal'),
      uniqueItems: true,
    },
    ...optionSchemas,
  }),
  oneOf: featureKindRegistry.map(alternative),
  defaultSnippets: featureKindRegistry.map(({ key, kind }) => ({
    label: key,
    description: kindDocs[kind],
    bodyText: snippet(exampleOf[kind]),
  })),
});

/** One kind: what it needs, and without what belongs to others. */
function alternative({ key, kind, takes, needs, needsBy }: FeatureKindInfo): Schema {
  const foreign = [
    ...featureKindRegistry.map((other) => other.key).filter((other) => other !== key),
    ...featureOptions.filter((option) => !takes.includes(option)),
  ];
  return {
    title: key,
    description: kindDocs[kind],
    required: [key, ...(needsBy ? ['by'] : []), ...needs],
    properties: Object.fromEntries(foreign.map((name) => [name, false])),
  };
}

export const linkSchema = (): Schema => ({
  ...strict(
    'What joins accounts into rings.',
    {
      by: many(ref('signal'), 'The signals that make the key: all of them have to be equal.'),
      strength: oneOf(
        linkStrengths,
        'One strong link joins; of weak ones two different ones have to lead to the same ring.',
      ),
      same_as: content(
        'link',
        text('Another link, of which this one is no different evidence: together the two count as one weak link.'),
      ),
      hub_cap: whole(
        'A key that more accounts share is a hub (a campus, an office, a carrier) and stops linking.',
        ...hubCapBounds,
      ),
      ttl: duration('How long after its last use a key links.', '14d', '90d', '180d'),
      when: ref('condition', 'The link counts on events for which this is true; always, if silent.'),
    },
    linkKeys.required,
  ),
  defaultSnippets: [
    {
      label: 'link',
      description: 'What joins accounts into rings.',
      bodyText: snippet('{ by: [‹payment.fingerprint›], strength: ‹strong›, hub_cap: ‹20›, ttl: ‹180d› }'),
    },
  ],
});
