import type { Steps } from '../model/steps.js';
import { longWords } from './long-words.js';

/** Small enough for a list of ten entries; 16 KB. */
const wordsInPiece = 4096;

/** Words that come one after another; grows by pieces, because moving a million words at once would hold everybody up. */
export class WordList {
  readonly #pieces: Uint32Array[] = [];
  #last = new Uint32Array(0);
  #used = 0;

  get length(): number {
    return Math.max(0, this.#pieces.length - 1) * wordsInPiece + this.#used;
  }

  push(word: number): void {
    if (this.#used === this.#last.length) {
      this.#last = new Uint32Array(wordsInPiece);
      this.#pieces.push(this.#last);
      this.#used = 0;
    }
    this.#last[this.#used++] = word;
  }

  /** All of them in one array; the list is empty afterwards. */
  *take(): Steps<Uint32Array> {
    const words = yield* longWords(this.length);
    for (const [index, piece] of this.#pieces.entries()) {
      const from = index * wordsInPiece;
      words.set(piece.subarray(0, Math.min(wordsInPiece, words.length - from)), from);
      yield;
    }
    this.#pieces.length = 0;
    this.#last = new Uint32Array(0);
    this.#used = 0;
    return words;
  }
}
