import type { ValueType } from '../model/value.js';
import { functionNames, inputNames, listNames, methodNames, predicateNames } from './complete-names.js';
import type { Completion } from './completion.js';
import { ringInputsByName, signalsByName } from './resolve-name.js';
import type { RuleIndex } from './rule-index.js';

/** An expression up to the cursor. */
interface ExpressionTail {
  readonly before: string;
  /** Quotes that need no escape in the YAML around. */
  readonly quote: '"' | "'";
}

interface ExpressionCompletions {
  /** So many characters before the cursor belong to what is completed. */
  readonly length: number;
  readonly items: readonly Completion[];
}

const dotted = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]*)*$/;
const comparing = /([A-Za-z_][A-Za-z0-9_.]*)\s*(?:==|!=)\s*$/;
const lookingIn = /([A-Za-z_][A-Za-z0-9_.]*)\s+in\s*$/;
const inItems = /([A-Za-z_][A-Za-z0-9_.]*)\s+in\s*\[[^\]]*$/;
const operators: readonly Completion[] = ['&&', '||', '==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/'].map(
  (label) => ({ label, kind: 'operator' }),
);

/** What may follow. */
export function completeExpression({ before, quote }: ExpressionTail, index: RuleIndex): ExpressionCompletions {
  const open = openText(before);
  if (open !== undefined) return insideText(before, open);
  const word = dotted.exec(before)?.[0] ?? '';
  const left = before.slice(0, before.length - word.length);
  if (/\)\s*\.[A-Za-z0-9_]*$/.test(before)) return afterCall(before);
  const values = valuesAfter(left, quote);
  if (values !== undefined) return { length: word.length, items: values };
  if (/(?:^|[^A-Za-z0-9_])in\s+$/.test(left) || isListArgument(left))
    return { length: word.length, items: [...listLiteral(left, quote), ...listNames(index)] };
  if (word === '' && endsOperand(left)) return { length: 0, items: operators };
  return { length: word.length, items: [...names(word, index), ...methodsOn(word)] };
}

function names(word: string, index: RuleIndex): readonly Completion[] {
  const all = [...inputNames(index), ...predicateNames(index)];
  const dot = word.lastIndexOf('.');
  if (dot < 0) return [...all, ...functionNames()];
  const group = word.slice(0, dot + 1);
  return group === 'lists.' ? listNames(index) : all.filter(({ label }) => label.startsWith(group));
}

/** `email.domain.` goes on with a method. */
function methodsOn(word: string): readonly Completion[] {
  const receiver = word.slice(0, Math.max(0, word.lastIndexOf('.')));
  const type = typeOf(receiver);
  if (type === undefined) return [];
  return methodNames(type).map((method) => onReceiver(method, receiver));
}

/** The word that is replaced begins with the receiver. */
const onReceiver = (method: Completion, receiver: string): Completion => ({
  ...method,
  label: `${receiver}.${method.label}`,
  insert: `${receiver}.${method.insert ?? method.label}`,
});

const typeOf = (name: string): ValueType | undefined =>
  signalsByName.get(name)?.type ?? ringInputsByName.get(name)?.type;

function afterCall(before: string): ExpressionCompletions {
  const word = /[A-Za-z0-9_]*$/.exec(before)?.[0] ?? '';
  return { length: word.length, items: methodNames(undefined) };
}

/** Values of what stands before `==` or in a list after `in`, where they are known. */
function valuesAfter(left: string, quote: string): readonly Completion[] | undefined {
  const compared = comparing.exec(left)?.[1] ?? inItems.exec(left)?.[1];
  const signal = compared === undefined ? undefined : signalsByName.get(compared);
  if (signal?.type === 'boolean') return ['true', 'false'].map((label) => ({ label, kind: 'value' }));
  return signal?.values?.map((value) => ({ label: `${quote}${value}${quote}`, kind: 'value', detail: signal.name }));
}

/** `x in [ … ]` with all values of x. */
function listLiteral(left: string, quote: string): readonly Completion[] {
  const compared = lookingIn.exec(left)?.[1];
  const values = compared === undefined ? undefined : signalsByName.get(compared)?.values;
  if (values === undefined) return [];
  const all = values.map((value) => `${quote}${value}${quote}`).join(', ');
  return [{ label: `[${all}]`, kind: 'value', detail: compared }];
}

const isListArgument = (left: string): boolean => /\bin_list\([^()]*,\s*$/.test(left);

/** A name, a literal or a closing bracket, after which an operator comes. */
const endsOperand = (left: string): boolean => {
  const last = /[A-Za-z_][A-Za-z0-9_.]*\s+$/.exec(left)?.[0].trim();
  if (last !== undefined) return last !== 'in';
  return /[0-9)\]"']\s+$/.test(left);
};

/** Where a text begins that is not closed yet. */
function openText(before: string): number | undefined {
  let open: number | undefined;
  for (let at = 0; at < before.length; at++) {
    const char = before.charAt(at);
    if (open !== undefined && char === '\\') at++;
    else if (open !== undefined && char === before.charAt(open)) open = undefined;
    else if (open === undefined && (char === '"' || char === "'")) open = at;
  }
  return open;
}

function insideText(before: string, open: number): ExpressionCompletions {
  const left = before.slice(0, open);
  const items = valuesAfter(left, '') ?? [];
  return {
    length: before.length - open - 1,
    items: items.filter(({ label }) => label !== 'true' && label !== 'false'),
  };
}
