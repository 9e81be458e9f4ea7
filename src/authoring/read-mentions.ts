import { DiagnosticSink } from '../expression/diagnostic.js';
import { tokenize } from '../expression/lexer.js';
import type { Token } from '../expression/token.js';
import { titlePlaces } from '../ruleset/title.js';

type MentionKind = 'input' | 'list' | 'function' | 'method' | 'reason' | 'rule' | 'link' | 'owner';

/** A name in a text that means something declared elsewhere. */
export interface Mention {
  readonly kind: MentionKind;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Names in an expression, right or wrong; offsets in its text. */
export function mentionsInExpression(text: string): readonly Mention[] {
  const tokens = tokenize(text, new DiagnosticSink());
  const found: Mention[] = [];
  for (let index = 0; index < tokens.length; ) {
    const name = nameAt(tokens, index);
    if (name.length === 0) index++;
    else {
      found.push(
        ...mentionsOf(name, tokens[index + name.length * 2 - 1]?.text === '(', tokens[index - 1]?.text === '.'),
      );
      index += name.length * 2 - 1;
    }
  }
  return found;
}

/** The words of a dotted name that begins there. */
function nameAt(tokens: readonly Token[], from: number): readonly Token[] {
  const words: Token[] = [];
  for (let index = from; ; index += 2) {
    const token = tokens[index];
    if (token?.kind !== 'name' || (words.length === 0 && notNames.has(token.text))) return words;
    words.push(token);
    if (tokens[index + 1]?.text !== '.' || tokens[index + 1]?.kind !== 'sign' || tokens[index + 2]?.kind !== 'name')
      return words;
  }
}

const notNames = new Set(['true', 'false', 'in', 'null', 'and', 'or', 'not']);

function mentionsOf(words: readonly Token[], isCalled: boolean, isMember: boolean): readonly Mention[] {
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [];
  if (isCalled) {
    const called: Mention = mention(words.length > 1 || isMember ? 'method' : 'function', [last]);
    return words.length > 1 ? [...mentionsOf(words.slice(0, -1), false, isMember), called] : [called];
  }
  if (isMember) return [];
  if (first.text === 'lists' && words.length > 1) return [{ ...mention('list', words.slice(1)), start: first.start }];
  return [mention('input', words)];
}

const mention = (kind: MentionKind, words: readonly Token[]): Mention => ({
  kind,
  name: words.map(({ text }) => text).join('.'),
  start: words[0]?.start ?? 0,
  end: words.at(-1)?.end ?? 0,
});

/** Names in the `{…}` places of a title. */
export const mentionsInTitle = (text: string): readonly Mention[] =>
  titlePlaces(text).map(({ name, start, end }) => ({ kind: 'input', name, start, end }));
