/** Offsets in UTF-16 units; `end` is exclusive. */
export interface Mention {
  readonly start: number;
  readonly end: number;
}

const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** With this behind it, it is a longer name, or a call. */
const goesOn = /^(?:\w|\.\w|\s*\()/;

/** Where a name stands in the text of an expression, whatever the name is made of; not as a part of another, nor in quotes. */
export function mentionsOf(name: string, text: string): readonly Mention[] {
  if (name === '') return [];
  const bare = text.replace(quoted, (found) => ' '.repeat(found.length));
  const mentions: Mention[] = [];
  for (let start = bare.indexOf(name); start >= 0; start = bare.indexOf(name, start + name.length)) {
    const end = start + name.length;
    if (!/[\w.]/.test(bare.charAt(start - 1)) && !goesOn.test(bare.slice(end))) mentions.push({ start, end });
  }
  return mentions;
}
