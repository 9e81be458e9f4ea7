/**
 * One part of a pattern: a quoted text, an escape, a class, a count of repeats, an opened group with what follows its
 * parenthesis, or a single character.
 */
const parts =
  /\\Q(?<quoted>.*?)(?:\\E|$)|\\[pPx]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{(?<least>\d+)(?<open>,?)(?<most>\d*)\}|\((?:\?(?:P?<\w*>|[A-Za-z-]*:?))?|./gsu;

/** Higher counts RE2 refuses by itself. */
const mostRepeats = 1000;

interface Group {
  /** Without `last`. */
  size: number;
  /** What a count of repeats that comes next repeats. */
  last: number;
}

/**
 * How many instructions a pattern compiles to at most, told from its text alone: its length with all repeats written out.
 * Compiling takes time and memory in proportion, of which a few characters can ask for a lot: `((a{30}){30}){30}`.
 */
export function patternSize(pattern: string): number {
  const outside: Group[] = [];
  let group: Group = { size: 3, last: 0 };
  const add = (size: number): void => {
    group = { size: group.size + group.last, last: size };
  };
  for (const { 0: part, groups } of pattern.matchAll(parts)) {
    if (part.startsWith('(')) {
      outside.push(group);
      group = { size: 0, last: 0 };
    } else if (part === ')') {
      // A group that is captured is marked at both ends.
      const inside = Math.max(group.size + group.last, 1) + 2;
      group = outside.pop() ?? group;
      add(inside);
    } else if (groups?.quoted !== undefined) add(groups.quoted.length);
    else if (groups?.least !== undefined) group.last = repeated(group.last, groups);
    else if (part === '*' || part === '+' || part === '?') group.last += 2;
    else add(part === '|' ? 2 : 1);
  }
  return [...outside, group].reduce((sum, { size, last }) => sum + size + last, 0);
}

/** `{2}`, `{2,}` and `{2,5}`: what need not be there takes one more to be passed by. */
function repeated(size: number, { least, open, most }: Record<string, string>): number {
  const from = Number(least);
  const to = most === '' ? from : Number(most);
  if (from > mostRepeats || to > mostRepeats) return size;
  const optional = Math.max(to - from, 0) * (size + 1);
  return Math.max(from, 1) * size + optional + (open === ',' ? 2 : 0);
}
