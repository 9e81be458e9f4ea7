import { z } from 'zod';

const digits = /^\d{1,15}$/;
const decimals = /^\d{1,15}(?:\.\d{1,15})?$/;

/** `Number` would take blanks, nothing and hexadecimal digits for numbers too. */
const numberOf = (form: RegExp, expected: string) => (given: unknown, context: z.core.$RefinementCtx) => {
  if (typeof given !== 'string') return given;
  if (form.test(given)) return Number(given);
  context.addIssue({ code: 'custom', message: expected, input: given });
  return z.NEVER;
};

export const wholeNumber = (least: number, most: number) =>
  z.preprocess(
    numberOf(digits, `expected a whole number from ${least} to ${most}`),
    z.number().int().min(least).max(most),
  );

export const decimalNumber = (least: number, most: number) =>
  z.preprocess(numberOf(decimals, `expected a number from ${least} to ${most}`), z.number().min(least).max(most));

/** What stands behind the `?`. A parameter that was given more than once is a list of texts, which fits no schema. */
export function readQuery(text: string): Readonly<Record<string, string | readonly string[]>> {
  const parameters = new URLSearchParams(text);
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const given = parameters.getAll(name);
      return [name, given.length === 1 ? given.join('') : given];
    }),
  );
}
