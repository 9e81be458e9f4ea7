import type { FunctionSpec } from '../expression/functions/function-spec.js';
import { functionRegistry } from '../expression/functions/registry.js';
import { ringInputs } from '../model/ring.js';
import type { ValueType } from '../model/value.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { Completion } from './completion.js';
import { describe, signatureText } from './describe.js';
import { inputsOf, resolveName } from './resolve-name.js';
import type { RuleIndex } from './rule-index.js';

/** Signals, by their catalogue. */
export const signalNames = (): readonly Completion[] =>
  signalCatalogue.map((signal) => ({
    label: signal.name,
    kind: 'signal',
    detail: signal.unit === undefined ? signal.type : `${signal.type}, ${signal.unit}`,
    doc: signal.doc,
  }));

const ringNames = (): readonly Completion[] =>
  ringInputs.map(({ name, type, doc, unit }) => ({
    label: name,
    kind: 'signal',
    detail: unit === undefined ? type : `${type}, ${unit}`,
    doc,
  }));

/** Everything that has a value by name: signals, features and their members, what is read of a ring. */
export const inputNames = (index: RuleIndex): readonly Completion[] => [
  ...[...index.named('feature').values()].flatMap((declared) =>
    inputsOf(declared).map(
      (label): Completion => ({ label, kind: 'feature', detail: 'number', doc: () => docOf(label, index) }),
    ),
  ),
  ...signalNames(),
  ...ringNames(),
];

export const predicateNames = (index: RuleIndex): readonly Completion[] =>
  [...index.named('predicate').keys()].map((label) => ({
    label,
    kind: 'predicate',
    detail: 'boolean',
    doc: () => docOf(label, index),
  }));

function docOf(name: string, index: RuleIndex): string | undefined {
  const meaning = resolveName({ kind: 'input', name }, index);
  return meaning === undefined ? undefined : describe(meaning, index);
}

/** `lists.name`. */
export const listNames = (index: RuleIndex): readonly Completion[] =>
  [...index.lists.values()].map((list) => ({
    label: `lists.${list.name}`,
    kind: 'list',
    doc: () => describe({ kind: 'list', list }, index),
  }));

const callOf = ({ name, form, parameters }: FunctionSpec): string => {
  const own = form === 'method' ? parameters.slice(1) : parameters;
  return `${name}(${own.map((parameter, place) => `\${${place + 1}:${parameter.name}}`).join(', ')})`;
};

const called = (spec: FunctionSpec): Completion => ({
  label: spec.name,
  kind: spec.form,
  detail: signatureText({ kind: 'function', signature: spec }),
  doc: `${spec.doc}\n\nExample: \`${spec.example}\``,
  insert: callOf(spec),
  isSnippet: true,
});

export const functionNames = (): readonly Completion[] =>
  functionRegistry.filter(({ form }) => form === 'function').map(called);

/** Methods of a value of this type, of any where it is not known. */
export const methodNames = (type: ValueType | undefined): readonly Completion[] =>
  functionRegistry
    .filter(({ form, parameters }) => form === 'method' && (type === undefined || parameters[0]?.takes === type))
    .map(called);
