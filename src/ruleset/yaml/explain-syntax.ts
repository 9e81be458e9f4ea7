import type { YAMLError } from 'yaml';
import type { SourceFile, SourceRange } from './source-file.js';

/** What is wrong with a file that is no YAML, in the words of somebody who writes rules. */
interface SyntaxFinding extends SourceRange {
  readonly message: string;
  readonly hint?: string | undefined;
}

type Explain = (error: YAMLError, file: SourceFile) => SyntaxFinding | undefined;

const quoteHint = 'put the whole value between single quotes: \'a == "b"\'';
const colonHint = `a colon within a value: ${quoteHint}`;

/** The first thing wrong, where an author would look for it; later ones are often only its echo. */
export function explainSyntax(errors: readonly YAMLError[], file: SourceFile): SyntaxFinding | undefined {
  const [first] = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  const found =
    loneReturns(file) ??
    tabBefore(first, file) ??
    tightDash(first, file) ??
    commentWithin(first, file) ??
    explanations.get(first.code)?.(first, file) ??
    plainly(first);
  return { ...found, message: `this is not YAML: ${found.message}` };
}

function plainly({ message, pos: [start, end] }: YAMLError): SyntaxFinding {
  const [line = ''] = message.split('\n');
  if (/call stack/i.test(line)) return { start, end, message: 'it is nested too deeply' };
  return { start, end, message: `${line.charAt(0).toLowerCase()}${line.slice(1)}` };
}

/** As files ended their lines once: YAML 1.2 allows it, the reader does not. */
function loneReturns({ text }: SourceFile): SyntaxFinding | undefined {
  const start = text.includes('\n') ? -1 : text.indexOf('\r');
  if (start < 0) return undefined;
  return {
    start,
    end: start + 1,
    message: 'its lines end with CR alone',
    hint: 'save the file with LF (Unix) line ends',
  };
}

/** A tab in an indentation goes wrong wherever the parser first stumbles. */
function tabBefore({ pos: [at] }: YAMLError, file: SourceFile): SyntaxFinding | undefined {
  const last = file.place({ start: at, end: at }).line + 1;
  for (let line = 1; line <= last; line++) {
    const [, spaces = '', tabs] = /^( *)(\t+)\S/.exec(file.line(line)) ?? [];
    if (tabs === undefined) continue;
    const start = file.offsetOf(line, spaces.length + 1);
    return { start, end: start + tabs.length, message: 'a tab in the indentation', hint: 'indent with spaces' };
  }
  return undefined;
}

/** `-{ a: b }` is a text that begins with a dash. */
function tightDash({ pos: [at] }: YAMLError, file: SourceFile): SyntaxFinding | undefined {
  const { line } = file.place({ start: at, end: at });
  const [, indent] = /^( *)-[[{'"]/.exec(file.line(line)) ?? [];
  if (indent === undefined) return undefined;
  const start = file.offsetOf(line, indent.length + 1);
  return {
    start,
    end: start + 1,
    message: 'a space is missing after this dash',
    hint: 'an item of a list begins with a dash and a space',
  };
}

/** A comment ends a text that was to go on in the next line. */
function commentWithin({ pos: [at] }: YAMLError, file: SourceFile): SyntaxFinding | undefined {
  const { line } = file.place({ start: at, end: at });
  const comment = /(?:^|\s)(#.*)$/.exec(file.line(line - 1))?.[1];
  const begun = file.line(neighbour(file, line, -1));
  if (comment === undefined || indentOf(file.line(line)) <= indentOf(begun)) return undefined;
  if (!/^ *(?:- +)?[\w-]+:\s+[^\s#'"|>[{]/.test(begun)) return undefined;
  const start = file.offsetOf(line - 1, file.line(line - 1).length - comment.length + 1);
  const message = 'a comment ends the text before it, and here it goes on';
  return { start, end: start + comment.length, message, hint: 'put the comment above the key' };
}

const indentOf = (line: string): number => /^ *(?:- +)?/.exec(line)?.[0].length ?? 0;

/** The nearest line before or after that says something. */
function neighbour(file: SourceFile, from: number, step: 1 | -1): number {
  let line = from + step;
  while (line > 0 && line <= file.lines && /^\s*(?:#|$)/.test(file.line(line))) line += step;
  return line;
}

/** The first words of a line: its key, or all of it. */
function firstWords(file: SourceFile, line: number): SourceRange {
  const text = file.line(line);
  const indent = indentOf(text);
  const key = /^[^\s:]+(?=:(?:\s|$))/.exec(text.slice(indent))?.[0] ?? text.slice(indent).trimEnd();
  const start = file.offsetOf(line, indent + 1);
  return { start, end: start + key.length };
}

/** The first key of a rule. */
const startsRule = (line: string): boolean => /^ *id:(?:\s|$)/.test(line);

const badIndent = (file: SourceFile, line: number): SyntaxFinding => ({
  ...firstWords(file, line),
  message: 'the indentation does not fit the lines around it',
  hint: [line, neighbour(file, line, -1)].some((one) => startsRule(file.line(one)))
    ? 'each rule begins with a dash: - id: …'
    : 'keys of one map begin in one column',
});

/** Between two lines of one indentation the one with another is the odd one, wherever the parser stumbled. */
const badIndentation: Explain = ({ pos: [at] }, file) => {
  const { line } = file.place({ start: at, end: at });
  const before = neighbour(file, line, -1);
  const [above, middle, here] = [neighbour(file, before, -1), before, line].map((one) => indentOf(file.line(one)));
  const isOut = above !== 0 && above === here && middle !== here && !/^ *- /.test(file.line(line));
  return badIndent(file, isOut ? before : line);
};

/** A value that goes on in a deeper line: one of the two lines is indented wrongly. */
function indentedValue(file: SourceFile, line: number): SyntaxFinding {
  const [before, after] = [neighbour(file, line, -1), neighbour(file, line, 1)];
  const [above, here, below] = [before, line, after].map((number) => indentOf(file.line(number)));
  const isOut = above === below || (above === here && /:\s*$/.test(file.line(before)));
  return badIndent(file, isOut ? line : after);
}

/** A second colon in a line, or a line that is indented deeper than the value before it allows. */
const nestedMap: Explain = ({ pos: [at] }, file) => {
  const { line, column } = file.place({ start: at, end: at });
  const colon = /:(?=\s|$)/.exec(file.line(line).slice(column - 1));
  if (colon === null) return indentedValue(file, line);
  const start = at + colon.index;
  return { start, end: start + 1, message: 'a colon within a value', hint: colonHint };
};

/** `{ a: one two: 3 }`: the word before the second colon is a key, or the value needs quotes. */
const nestedInFlow: Explain = ({ pos: [at] }, file) => {
  const [text] = file.text.slice(at).split('\n');
  const before = /^(.*?)(\S+):(?=\s|$)/.exec(text ?? '');
  if (before === null) return undefined;
  const [, lead = '', word = ''] = before;
  const start = at + lead.length;
  return {
    start,
    end: start + word.length,
    message: 'a comma is missing before this key, or quotes around a value with a colon',
    hint: '{ name: "one: two", given: {} }',
  };
};

/** A line that is neither `key: value` nor goes on with the value before. */
const noKey: Explain = ({ pos: [at] }, file) => {
  const { line, column } = file.place({ start: at, end: at });
  const text = file.line(line);
  if (/:(?:\s|$)/.test(text.slice(column - 1))) return undefined;
  const words = text.slice(column - 1).trimEnd();
  const hint = /^[\w-]+:\S/.test(words) ? `a space follows the colon: ${words.replace(':', ': ')}` : 'key: value';
  return { start: at, end: at + words.length, message: 'this line has no key', hint };
};

/** The bracket that is open at a place. */
function openBracket(text: string, before: number): number | undefined {
  let closed = 0;
  for (let at = before - 1; at >= 0; at--) {
    const sign = text.charAt(at);
    if (sign === ']' || sign === '}') closed++;
    if ((sign === '[' || sign === '{') && closed-- === 0) return at;
  }
  return undefined;
}

const notClosed: Explain = (error, file) => {
  if (/without - indicator/.test(error.message)) return badIndentation(error, file);
  if (/^implicit map keys/i.test(error.message)) return noKey(error, file);
  const { text } = file;
  const [at] = error.pos;
  const quote = /missing closing (["'])/i.exec(error.message)?.[1];
  const opened = quote === undefined ? openBracket(text, at) : openQuote(text, at, quote);
  if (opened === undefined) return undefined;
  const sign = text.charAt(opened);
  const hint = quote === undefined ? `close it with ${sign === '[' ? ']' : '}'}` : `close it with ${sign}`;
  return { start: opened, end: opened + 1, message: `'${sign}' is not closed`, hint };
};

/** Where the quoted text begins that ends at a place. */
function openQuote(text: string, before: number, quote: string): number | undefined {
  const starts = [...text.slice(0, before).matchAll(/(?:^|[:,[{-]\s+|[[{,]|\n\s*)(["'])/g)];
  const last = starts.filter(([, sign]) => sign === quote).at(-1);
  return last === undefined ? undefined : last.index + last[0].length - 1;
}

const badEscape: Explain = ({ pos: [start] }, file) => ({
  start,
  end: start + 2,
  message: `unknown escape '${file.text.slice(start, start + 2)}' between double quotes`,
  hint: 'between single quotes a backslash is a backslash',
});

/** What the parser calls tokens. */
function namedSign({ message, pos: [start, end] }: YAMLError, file: SourceFile): SyntaxFinding | undefined {
  const closing = /unexpected flow-(seq|map)-end/i.exec(message)?.[1];
  if (closing !== undefined) {
    const [open, close] = closing === 'seq' ? ['[', ']'] : ['{', '}'];
    return { start, end: start + 1, message: `'${close}' closes nothing`, hint: `there is no '${open}' for it` };
  }
  if (/unexpected flow-(?:seq|map)-start/i.test(message)) return bracketWithin(start, file);
  const extra = /block scalar header includes extra characters/i.test(message);
  if (!extra) return undefined;
  const hint = "a text begins on the next line; a value that begins with '|' or '>' stands between quotes";
  return { start, end, message: "only '-', '+', a digit or a comment stands behind '|' or '>'", hint };
}

/** `a{2}` between braces: the bracket begins a list or a map of its own. */
function bracketWithin(at: number, { text }: SourceFile): SyntaxFinding {
  const sign = text.charAt(at);
  const lead = /[^\s,[\]{}]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const message = `'${sign}' within a value that has no quotes`;
  const rest = /^[^\s,]*?[\]}][^\s,\]}]*/.exec(text.slice(at))?.[0] ?? sign;
  return { start: at, end: at + 1, message, hint: `put the whole value between single quotes: '${lead}${rest}'` };
}

const quoted: Explain = (error, file) => {
  const named = namedSign(error, file);
  if (named !== undefined) return named;
  const afterQuote = /["'] ?$/.test(file.text.slice(0, error.pos[0]));
  const message = afterQuote ? 'text after the closing quote' : plainly(error).message;
  const [start] = error.pos;
  const [line = ''] = file.text.slice(start).split('\n');
  const end = afterQuote ? start + line.replace(/\s+#.*$/, '').trimEnd().length : error.pos[1];
  return { start, end, message, hint: quoteHint };
};

const explanations: ReadonlyMap<string, Explain> = new Map<string, Explain>([
  ['BLOCK_AS_IMPLICIT_KEY', nestedMap],
  ['BLOCK_IN_FLOW', nestedInFlow],
  ['MULTILINE_IMPLICIT_KEY', noKey],
  ['MISSING_CHAR', notClosed],
  [
    'BAD_INDENT',
    (error, file) => (/^flow/i.test(error.message) ? notClosed(error, file) : badIndentation(error, file)),
  ],
  ['BAD_DQ_ESCAPE', badEscape],
  ['UNEXPECTED_TOKEN', quoted],
  ['BAD_SCALAR_START', quoted],
]);
