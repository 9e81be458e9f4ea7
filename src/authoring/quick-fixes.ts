/** What a hint of a problem proposes to write instead. */
interface QuickFix {
  readonly title: string;
  readonly replacement: string;
  /** The first proposal is the likeliest. */
  readonly isLikely: boolean;
}

const form = /^did you mean '(.+?)'\?(?: \(or (.*)\))?/s;

/** `did you mean 'a'? (or 'b', 'c')`: one fix for each name that is not `written` there already. */
export function quickFixes({ code, hint }: { code: string; hint?: string }, written: string): readonly QuickFix[] {
  const [, likely, others = ''] = form.exec(hint ?? '') ?? [];
  if (likely === undefined) return [];
  const names = [likely, ...[...others.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? '')];
  return names
    .map((name) => wholeName(name, code, written))
    .filter((name) => name !== written)
    .map((replacement, place) => ({ title: `Change to '${replacement}'`, replacement, isLikely: place === 0 }));
}

/** Of a reason code only the family is proposed, while the whole code is shown as wrong. */
const wholeName = (name: string, code: string, written: string): string =>
  code === 'E018' && !name.includes('.') && written.includes('.') ? name + written.slice(written.indexOf('.')) : name;
