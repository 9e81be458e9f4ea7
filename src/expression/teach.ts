import type { Span } from './diagnostic.js';
import type { ExpressionErrorCode } from './error-codes.js';
import type { TokenStream } from './token-stream.js';

interface Lesson {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  readonly hint: string;
}

const logic = (word: string, sign: string): Lesson => ({
  code: 'E144',
  message: `'${word}' is no operator`,
  hint: `write '${sign}'`,
});
const comparison = (word: string, sign: string): Lesson => ({
  code: 'E146',
  message: `there is no '${word}'`,
  hint: `compare with '${sign}'`,
});
const method = (word: string, name: string): Lesson => ({
  code: 'E100',
  message: `'${word}' is no operator`,
  hint: `write it as a method: x.${name}("…")`,
});
const opening = (word: string): Lesson => ({
  code: 'E100',
  message: `'${word}' does not fit here`,
  hint: 'a condition stands by itself: ip.is_vpn && ip.is_hosting',
});

/** Which sign to go on with, as if the right one had been written. */
const logicWords: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };
const comparisonWords: Readonly<Record<string, string>> = {
  '<>': '!=',
  '=>': '>=',
  '=<': '<=',
  '=!': '!=',
  '> =': '>=',
  '< =': '<=',
  '! =': '!=',
  '= =': '==',
  '<=>': '==',
  '>==': '>=',
  '<==': '<=',
  is: '==',
  eq: '==',
  equals: '==',
  ne: '!=',
  neq: '!=',
  gt: '>',
  lt: '<',
  ge: '>=',
  gte: '>=',
  le: '<=',
  lte: '<=',
};
const methodWords: Readonly<Record<string, string>> = {
  contains: 'contains',
  includes: 'contains',
  like: 'contains',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  matches: 'matches',
};

const spellings = (word: string): readonly string[] => [
  word,
  word.toUpperCase(),
  word.charAt(0).toUpperCase() + word.slice(1),
];

const noNull: Lesson = {
  code: 'E148',
  message: 'there is no null',
  hint: 'a missing value is unknown: ask with has(x), replace with default(x, v)',
};

export const nullWords: readonly string[] = ['null', 'Null', 'NULL', 'None', 'nil', 'undefined'];
export const openingWords: readonly string[] = ['if', 'when', 'where', 'unless'];

/** What authors bring along from CEL, SQL, Python or JavaScript, and what to write instead. */
const lessons: ReadonlyMap<string, Lesson> = new Map<string, Lesson>([
  ['?', { code: 'E140', message: "there is no '? :'", hint: 'write two rules, or use min, max and default' }],
  ['??', { code: 'E140', message: "there is no '??'", hint: 'replace what is missing with default(x, v)' }],
  ['%', { code: 'E142', message: "there is no '%'", hint: 'only + - * / are known; ten per cent are 0.1' }],
  ['mod', { code: 'E142', message: "there is no 'mod'", hint: 'only + - * / are known' }],
  ['**', { code: 'E100', message: "there is no '**'", hint: 'multiply, or use log2(x)' }],
  ['[', { code: 'E143', message: 'there is no indexing', hint: 'a field is named group.field' }],
  ['->', { code: 'E100', message: "there is no '->'", hint: 'a field is named group.field' }],
  ['::', { code: 'E100', message: "there is no '::'", hint: 'a field is named group.field' }],
  ['=', { code: 'E145', message: "'=' assigns nothing here", hint: "compare with '=='" }],
  [':=', { code: 'E145', message: "':=' assigns nothing here", hint: "compare with '=='" }],
  ['||=', { code: 'E145', message: "'||=' assigns nothing here", hint: "write '||' for or" }],
  ['&&=', { code: 'E145', message: "'&&=' assigns nothing here", hint: "write '&&' for and" }],
  ['===', { code: 'E146', message: "there is no '==='", hint: "compare with '=='; types are always checked" }],
  ['!==', { code: 'E146', message: "there is no '!=='", hint: "compare with '!='; types are always checked" }],
  ['=~', { code: 'E146', message: "there is no '=~'", hint: 'patterns are matched with x.matches("…")' }],
  ['|', { code: 'E147', message: "there is no single '|'", hint: "write '||' for or" }],
  ['&', { code: 'E147', message: "there is no single '&'", hint: "write '&&' for and" }],
  ['|||', { code: 'E147', message: "there is no '|||'", hint: "write '||' for or" }],
  ['&&&', { code: 'E147', message: "there is no '&&&'", hint: "write '&&' for and" }],
  ['?.', { code: 'E140', message: "there is no '?.'", hint: 'a field is named group.field; missing is unknown' }],
  ['{{', { code: 'E149', message: 'there are no templates', hint: 'names are written as they are: ip.asn' }],
  [
    '{',
    { code: 'E149', message: 'there are no maps or messages', hint: 'a field is named group.field, a list [a, b]' },
  ],
  ['between', { code: 'E100', message: "'between' is no operator", hint: 'write: x >= 1 && x <= 3' }],
  ['xor', { code: 'E144', message: "'xor' is no operator", hint: "compare with '!='" }],
  ...Object.entries(logicWords).flatMap(([word, sign]) =>
    spellings(word).map((text) => [text, logic(text, sign)] as const),
  ),
  ...Object.entries(comparisonWords).flatMap(([word, sign]) =>
    spellings(word).map((text) => [text, comparison(text, sign)] as const),
  ),
  ...Object.entries(methodWords).flatMap(([word, name]) =>
    [word, word.toUpperCase()].map((text) => [text, method(text, name)] as const),
  ),
  ['IN', { code: 'E100', message: "there is no 'IN'", hint: "write 'in'" }],
  ...openingWords.map((word) => [word, opening(word)] as const),
  ...nullWords.map((word) => [word, noNull] as const),
]);

/** The sign that stands here for a word or sign of another language. */
export const insteadOf: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...logicWords, ...comparisonWords })
    .filter(([word]) => word !== 'not')
    .flatMap(([word, sign]) => spellings(word).map((text) => [text, sign] as const)),
  ...Object.entries({ '=': '==', ':=': '==', '===': '==', '!==': '!=', '|': '||', '&': '&&' }),
  ...Object.entries({ IN: 'in', '|||': '||', '&&&': '&&', '||=': '||', '&&=': '&&' }),
]);

/** Reports a lesson for this text, if there is one. */
export function teach(stream: TokenStream, text: string, at: Span): boolean {
  const lesson = lessons.get(text);
  if (lesson === undefined) return false;
  stream.sink.error(lesson.code, at, lesson.message, lesson.hint);
  return true;
}

/** `x is null`, `x is not null`: one lesson for the whole of it. */
export const teachNull = ({ sink }: TokenStream, at: Span): void => sink.error('E148', at, noNull.message, noNull.hint);

export const macros: readonly string[] = ['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter'];
