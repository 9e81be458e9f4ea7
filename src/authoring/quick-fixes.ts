/** What a hint of a problem proposes to write instead. */
export interface QuickFix {
  readonly title: string;
  readonly replacement: string;
  /** The first proposal is the likeliest. */
  readonly isLikely: boolean;
}

/** `did you mean 'a'? (or 'b', 'c')`: one fix for each name. */
export function quickFixes(hint: string | undefined): readonly QuickFix[] {
  if (hint === undefined || !hint.startsWith('did you mean ')) return [];
  return [...hint.matchAll(/'([^']+)'/g)].map((found, place) => {
    const replacement = found[1] ?? '';
    return { title: `Change to '${replacement}'`, replacement, isLikely: place === 0 };
  });
}
