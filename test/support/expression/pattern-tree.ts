/** A regular expression as a tree: written out for the product, matched by the reference without reading it again. */
export type PatternTree =
  | { readonly is: 'char'; readonly char: string }
  | { readonly is: 'any' | 'start' | 'end' }
  | { readonly is: 'class'; readonly chars: readonly string[]; readonly not: boolean }
  | { readonly is: 'sequence' | 'either'; readonly parts: readonly PatternTree[] }
  | { readonly is: 'repeat'; readonly of: PatternTree; readonly least: number; readonly most: number };

const simple: Readonly<Record<string, string>> = { '0,Infinity': '*', '1,Infinity': '+', '0,1': '?' };

function quantifier(least: number, most: number): string {
  const found = simple[`${least},${most}`];
  if (found !== undefined) return found;
  return most === Number.POSITIVE_INFINITY ? `{${least},}` : `{${least},${most}}`;
}

const escaped = (char: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);

export function printPattern(tree: PatternTree): string {
  switch (tree.is) {
    case 'char':
      return escaped(tree.char);
    case 'any':
      return '.';
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'class':
      return `[${tree.not ? '^' : ''}${tree.chars.map(escaped).join('')}]`;
    case 'sequence':
      return tree.parts.map(printPattern).join('');
    case 'either':
      return `(?:${tree.parts.map(printPattern).join('|')})`;
    case 'repeat':
      return `(${printPattern(tree.of)})${quantifier(tree.least, tree.most)}`;
  }
}

type Positions = ReadonlySet<number>;

function repeated(tree: PatternTree & { is: 'repeat' }, chars: readonly string[], from: Positions): Positions {
  const reached = new Set<number>(tree.least === 0 ? from : []);
  let current = from;
  for (let times = 1; times <= tree.most; times++) {
    current = after(tree.of, chars, current);
    const before = reached.size;
    if (times >= tree.least) for (const position of current) reached.add(position);
    if (times >= tree.least && reached.size === before) break;
  }
  return reached;
}

const step = (chars: readonly string[], from: Positions, fits: (char: string) => boolean): Positions =>
  new Set(
    [...from].flatMap((at) => {
      const char = chars[at];
      return char !== undefined && fits(char) ? [at + 1] : [];
    }),
  );

/** Where the rest may go on, for every place the pattern may start at. */
function after(tree: PatternTree, chars: readonly string[], from: Positions): Positions {
  switch (tree.is) {
    case 'char':
      return step(chars, from, (char) => char === tree.char);
    case 'any':
      return step(chars, from, (char) => char !== '\n');
    case 'class':
      return step(chars, from, (char) => tree.chars.includes(char) !== tree.not);
    case 'start':
      return new Set([...from].filter((at) => at === 0));
    case 'end':
      return new Set([...from].filter((at) => at === chars.length));
    case 'sequence':
      return tree.parts.reduce((places, part) => after(part, chars, places), from);
    case 'either':
      return new Set(tree.parts.flatMap((part) => [...after(part, chars, from)]));
    case 'repeat':
      return repeated(tree, chars, from);
  }
}

/** True when the pattern is found anywhere in the text. */
export function foundIn(tree: PatternTree, chars: readonly string[]): boolean {
  return after(tree, chars, new Set(Array.from({ length: chars.length + 1 }, (_, at) => at))).size > 0;
}
