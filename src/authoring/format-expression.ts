import { DiagnosticSink } from '../expression/diagnostic.js';
import { tokenize } from '../expression/lexer.js';
import { parseExpression } from '../expression/parse-expression.js';
import type { Token } from '../expression/token.js';

/** One space around operators and after commas; undefined where the text is better left alone: wrong, or on several lines. */
export function formatExpression(text: string): string | undefined {
  if (text.includes('\n')) return undefined;
  const sink = new DiagnosticSink();
  const tokens = tokenize(text, sink).filter(({ kind }) => kind !== 'end');
  parseExpression(text, sink);
  if (sink.found.length > 0) return undefined;
  return tokens.map((token, place) => spaceBefore(tokens, place) + text.slice(token.start, token.end)).join('');
}

const isWord = ({ kind, text }: Token): boolean => kind !== 'sign' && !(kind === 'name' && text === 'in');
const opens = (token: Token): boolean => token.kind === 'sign' && ['(', '['].includes(token.text);
const closes = (token: Token): boolean => token.kind === 'sign' && [')', ']'].includes(token.text);
const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;

/** A minus after nothing, an operator or an opening bracket. */
function isUnary(tokens: readonly Token[], place: number): boolean {
  const token = tokens[place];
  if (token === undefined || !(isSign(token, '!') || isSign(token, '-'))) return false;
  const before = tokens[place - 1];
  return before === undefined || !(isWord(before) || closes(before));
}

function spaceBefore(tokens: readonly Token[], place: number): string {
  const token = tokens[place];
  const before = tokens[place - 1];
  if (token === undefined || before === undefined) return '';
  if (opens(before) || closes(token) || isUnary(tokens, place - 1)) return '';
  if (isSign(token, ',') || isSign(token, '.') || isSign(before, '.')) return '';
  const isCall = isSign(token, '(') && before.kind === 'name' && before.text !== 'in';
  return isCall ? '' : ' ';
}
