import type { DiagnosticSink } from './diagnostic.js';
import type { Token } from './token.js';

/** Where it would end in the languages that have it; YAML joins folded lines into one, so that it would swallow conditions. */
function endOf(text: string, at: number): number {
  const closing = text.startsWith('/*', at) ? '*/' : '\n';
  const end = text.indexOf(closing, at + 2);
  if (end < 0) return text.length;
  return closing === '\n' ? end : end + closing.length;
}

/** A comment of another language: reported, and left out. */
export function readComment(text: string, at: number, sink: DiagnosticSink): Token {
  const sign = text.slice(at, at + 2);
  const hint = "a comment of YAML, '# …', has a line of its own outside the condition; or is '||', a division '/'";
  sink.error('E152', { start: at, end: at + 2 }, 'there are no comments inside conditions', hint);
  return { kind: 'broken', text: sign, start: at, end: endOf(text, at) };
}
