import { itemsInStep, type Steps } from '../model/steps.js';

/** Zeroing is quicker than other work. */
const wordsInStep = 4 * itemsInStep;

/** As many zeros. Asked for at once, the memory of millions would be zeroed at once: some milliseconds for each ten megabytes. */
export function* longWords(count: number): Steps<Uint32Array> {
  if (count <= wordsInStep) return new Uint32Array(count);
  const words = new Uint32Array(Buffer.allocUnsafeSlow(count * Uint32Array.BYTES_PER_ELEMENT).buffer);
  for (let from = 0; from < count; from += wordsInStep) {
    words.fill(0, from, from + wordsInStep);
    yield;
  }
  return words;
}
