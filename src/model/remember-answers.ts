/**
 * A pure function of a text that remembers what it answered lately. Bounded: texts come from outside. Two generations,
 * each of at most `most` texts: when the younger is full it becomes the elder, and what nobody asked for meanwhile is
 * forgotten.
 */
export function rememberAnswers<A>(compute: (text: string) => A, most: number): (text: string) => A {
  let young = new Map<string, Kept<A>>();
  let elder = new Map<string, Kept<A>>();
  let last: { readonly text: string; readonly answer: A } | undefined;
  const remembered = (text: string): A => {
    let kept = young.get(text);
    if (kept === undefined) {
      kept = elder.get(text) ?? { answer: compute(text) };
      if (young.size >= most) {
        elder = young;
        young = new Map();
      }
      young.set(text, kept);
    }
    return kept.answer;
  };
  // One event asks for the same several times in a row.
  return (text) => {
    if (last?.text !== text) last = { text, answer: remembered(text) };
    return last.answer;
  };
}

/** Wrapped, because an answer may be undefined. */
interface Kept<A> {
  readonly answer: A;
}
