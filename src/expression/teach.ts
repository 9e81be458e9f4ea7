import type { Span } from './diagnostic.js';
import type { ExpressionErrorCode } from './error-codes.js';
import type { TokenStream } from './token-stream.js';

interface Lesson {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What authors bring along from CEL, SQL, Python or JavaScript, and what to write instead. */
const lessons: Readonly<Record<string, Lesson>> = {
  '?': { code: 'E140', message: "there is no '? :'", hint: 'write two rules, or use min, max and default' },
  '%': { code: 'E142', message: "there is no '%'", hint: 'only + - * / are known' },
  '**': { code: 'E100', message: "there is no '**'", hint: 'multiply, or use log2(x)' },
  '[': { code: 'E143', message: 'there is no indexing', hint: 'a field is named group.field' },
  '=': { code: 'E145', message: "'=' assigns nothing here", hint: "compare with '=='" },
  '===': { code: 'E146', message: "there is no '==='", hint: "compare with '=='; types are always checked" },
  '!==': { code: 'E146', message: "there is no '!=='", hint: "compare with '!='; types are always checked" },
  '|': { code: 'E147', message: "there is no single '|'", hint: "write '||' for or" },
  '&': { code: 'E147', message: "there is no single '&'", hint: "write '&&' for and" },
  '{': { code: 'E149', message: 'there are no maps or messages', hint: 'a field is named group.field' },
  and: { code: 'E144', message: "'and' is no operator", hint: "write '&&'" },
  or: { code: 'E144', message: "'or' is no operator", hint: "write '||'" },
  not: { code: 'E144', message: "'not' is no operator", hint: "write '!'" },
  AND: { code: 'E144', message: "'AND' is no operator", hint: "write '&&'" },
  OR: { code: 'E144', message: "'OR' is no operator", hint: "write '||'" },
  NOT: { code: 'E144', message: "'NOT' is no operator", hint: "write '!'" },
  null: {
    code: 'E148',
    message: 'there is no null',
    hint: 'a missing value is unknown: ask with has(x), replace with default(x, v)',
  },
};

/** Which sign to go on with, as if the right one had been written. */
export const insteadOf: Readonly<Record<string, string>> = {
  '=': '==',
  '===': '==',
  '!==': '!=',
  '|': '||',
  '&': '&&',
  and: '&&',
  or: '||',
  AND: '&&',
  OR: '||',
};

/** Reports a lesson for this text, if there is one. */
export function teach(stream: TokenStream, text: string, at: Span): boolean {
  const lesson = Object.hasOwn(lessons, text) ? lessons[text] : undefined;
  if (lesson === undefined) return false;
  stream.sink.error(lesson.code, at, lesson.message, lesson.hint);
  return true;
}

export const macros: readonly string[] = ['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter'];
