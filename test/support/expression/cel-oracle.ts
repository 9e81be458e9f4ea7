import { Environment } from '@marcbachmann/cel-js';
import { type Facts, fields, isMethod, lists, type Tree, type TreeValue } from './expression-tree.js';
import { printPattern } from './pattern-tree.js';
import { addressIsIn } from './reference-address.js';

const flat = (name: string): string => name.replaceAll('.', '_');
const celTypes = { number: 'double', string: 'string', boolean: 'bool' } as const;

/** Every number is a double: CEL's integers are another type that compares and divides differently. */
function printConstant(value: TreeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  const text = /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
  return value < 0 ? `(${text})` : text;
}

/** Fully parenthesised CEL that means the same when nothing is missing; predicates are written out. */
function printCel(tree: Tree): string {
  switch (tree.is) {
    case 'constant':
      return printConstant(tree.value);
    case 'field':
      return flat(tree.name);
    case 'predicate':
      return printCel(tree.meaning);
    case 'not':
      return `(!${printCel(tree.of)})`;
    case 'minus':
      return `(-${printCel(tree.of)})`;
    case 'binary':
      return `(${printCel(tree.left)} ${tree.sign} ${printCel(tree.right)})`;
    case 'among':
      return tree.items.length === 0 ? 'false' : `(${printCel(tree.of)} in [${tree.items.map(printCel).join(', ')}])`;
    case 'listed':
      return `(${printCel(tree.of)} in [${lists[tree.list]?.holds.map(printConstant).join(', ')}])`;
    case 'matches':
      return `${printCel(tree.of)}.matches(${JSON.stringify(printPattern(tree.pattern))})`;
    case 'inside':
      return `inside(${flat(tree.field)}, ${JSON.stringify(tree.range)})`;
    case 'call': {
      const [first = '', ...rest] = tree.args.map(printCel);
      if (tree.name === 'has') return 'true';
      if (tree.name === 'default') return first;
      if (tree.name === 'size') return `double(${first}.size())`;
      return isMethod(tree.name)
        ? `${first}.${tree.name}(${rest.join(', ')})`
        : `${tree.name}(${[first, ...rest].join(', ')})`;
    }
  }
}

function celEnvironment(): Environment {
  const environment = new Environment();
  for (const { name, type } of fields) environment.registerVariable(flat(name), celTypes[type]);
  return environment
    .registerFunction('log2(double): double', (x: number) => Math.log2(x))
    .registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b))
    .registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b))
    .registerFunction('string.lower(): string', (text: string) => text.toLowerCase())
    .registerFunction(
      'inside(string, string): bool',
      (text: string, range: string) => addressIsIn(text, range) === true,
    );
}

const environment = celEnvironment();

/** The expression as a CEL library understands it, for facts that lack nothing. */
export function compileCel(tree: Tree): (facts: Facts) => unknown {
  const run = environment.parse(printCel(tree));
  return (facts) => {
    const context: Record<string, TreeValue> = {};
    for (const [name, given] of facts)
      if (typeof given === 'object' && 'value' in given) context[flat(name)] = given.value;
    return run(context);
  };
}
