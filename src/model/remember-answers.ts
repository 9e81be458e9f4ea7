/**
 * A pure function of a text that remembers what it answered lately. Bounded: texts come from outside. Two generations,
 * each of at most `most` texts: when the younger is full it becomes the elder, and what nobody asked for meanwhile is
 * forgotten.
 */
export function rememberAnswers<A>(compute: (text: string) => A, most: number): (text: string) => A {
  let young = new Map<string, Kept<A>>();
  let elder = new Map<string, Kept<A>>();
  return (text) => {
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
}

/** Wrapped, because an answer may be undefined. */
interface Kept<A> {
  readonly answer: A;
}
