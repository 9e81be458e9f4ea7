import type { FunctionSignature } from '../expression/functions/function-signature.js';
import { functionsByName, methodsByName } from '../expression/functions/registry.js';
import { type FeatureSpec, featureInputs } from '../model/feature.js';
import { ringInputs } from '../model/ring.js';
import type { SignalInfo } from '../model/signal.js';
import { ProblemSink } from '../ruleset/problem-sink.js';
import { readFeature } from '../ruleset/read-feature.js';
import { FieldReader } from '../ruleset/yaml/read-fields.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { Mention } from './read-mentions.js';
import type { ListFile, PlacedDeclaration, RuleIndex } from './rule-index.js';

export const signalsByName: ReadonlyMap<string, SignalInfo> = new Map(signalCatalogue.map((info) => [info.name, info]));
export const ringInputsByName = new Map(ringInputs.map((input) => [input.name, input]));

/** What a name means. */
export type Meaning =
  | { readonly kind: 'signal'; readonly signal: SignalInfo }
  | { readonly kind: 'ring'; readonly name: string; readonly doc: string; readonly unit?: string | undefined }
  | { readonly kind: 'feature'; readonly declared: PlacedDeclaration; readonly member: string | undefined }
  | { readonly kind: 'predicate' | 'reason' | 'rule' | 'link'; readonly declared: PlacedDeclaration }
  | { readonly kind: 'list'; readonly list: ListFile }
  | { readonly kind: 'function'; readonly signature: FunctionSignature };

export function resolveName({ kind, name }: Pick<Mention, 'kind' | 'name'>, index: RuleIndex): Meaning | undefined {
  if (kind === 'input') return resolveInput(name, index);
  if (kind === 'function' || kind === 'method') {
    const signature = (kind === 'function' ? functionsByName : methodsByName).get(name);
    return signature === undefined ? undefined : { kind: 'function', signature };
  }
  if (kind === 'list') {
    const list = index.lists.get(name);
    return list === undefined ? undefined : { kind: 'list', list };
  }
  if (kind === 'owner') return undefined;
  const declared = index.named(kind).get(name);
  return declared === undefined ? undefined : { kind, declared };
}

function resolveInput(name: string, index: RuleIndex): Meaning | undefined {
  const signal = signalsByName.get(name);
  if (signal !== undefined) return { kind: 'signal', signal };
  const ring = ringInputsByName.get(name);
  if (ring !== undefined) return { kind: 'ring', name, doc: ring.doc, unit: ring.unit };
  const [base = '', member] = name.split('.');
  const feature = index.named('feature').get(base);
  if (feature !== undefined) return { kind: 'feature', declared: feature, member };
  const predicate = index.named('predicate').get(name);
  return predicate === undefined ? undefined : { kind: 'predicate', declared: predicate };
}

/** A feature as the loader reads it; undefined while its declaration is wrong. */
export function specOf({ key, node }: PlacedDeclaration): FeatureSpec | undefined {
  const fields = new FieldReader(new ProblemSink());
  return readFeature(key, node, { fields, signals: signalsByName })?.spec;
}

/** The names that expressions read a feature by; its own while its kind is not known. */
export function inputsOf(declared: PlacedDeclaration): readonly string[] {
  const isBurst = declared.node.kind === 'map' && declared.node.entries.has('burst');
  return featureInputs({ kind: isBurst ? 'burst' : 'count', name: declared.name });
}
