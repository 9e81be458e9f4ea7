import { RE2JS } from 're2js';
import { bounds } from '../bounds.js';
import { firstCodePoints } from '../code-points.js';
import type { FunctionSpec } from './function-spec.js';
import { argument, literalText, required, unknownFrom } from './strict.js';

/** Linear time whatever the pattern, and in its size, which is bounded before; a reason when it cannot be read. */
export function readPattern(pattern: string): { test(text: string): boolean } | { reason: string } {
  try {
    const compiled = RE2JS.compile(pattern);
    return { test: (text) => compiled.test(text) };
  } catch (thrown) {
    return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

export const matches: FunctionSpec = {
  name: 'matches',
  form: 'method',
  doc: 'True when the pattern (RE2 syntax) is found somewhere in the first 512 characters; unknown when the text is missing.',
  example: 'email.shape.matches("^l[0-9]+d[0-9]+$")',
  parameters: [
    { name: 'text', takes: 'string' },
    { name: 'pattern', takes: 'string', form: 'pattern' },
  ],
  returns: 'boolean',
  compile: ([text, pattern], compiler) => {
    const source = literalText(pattern);
    const make = () => {
      const closure = argument(text, compiler);
      const compiled = readPattern(source);
      if ('reason' in compiled) throw new Error(`a checked pattern is none: ${compiled.reason}`);
      return (slots: Parameters<typeof closure>[0]) => {
        const value = closure(slots);
        if (typeof value !== 'string') return unknownFrom(value);
        return compiled.test(firstCodePoints(value, bounds.matchedCharacters));
      };
    };
    const receiver = required(text);
    if (receiver.kind !== 'input') return make();
    return compiler.oncePerEvaluation(`matches ${receiver.info.slot} ${source}`, make);
  },
};
