import { WordList } from '../../lists/word-list.js';
import { itemsInStep, type Steps } from '../../model/steps.js';

/** Half-open range of UTF-16 offsets in a file. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly end_column: number;
}

const carriageReturn = 13;

/** Editors do not count a byte order mark as a column. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A file's text and where its lines begin. */
export class SourceFile {
  readonly text: string;
  readonly #lineStarts: ArrayLike<number>;

  constructor(
    readonly path: string,
    text: string,
    lineStarts?: ArrayLike<number>,
  ) {
    this.text = withoutMark(text);
    this.#lineStarts = lineStarts ?? lineStartsOf(this.text);
  }

  /** The same for a file that may have a million lines, in small steps. */
  static *ofLong(path: string, text: string): Steps<SourceFile> {
    const starts = new WordList();
    starts.push(0);
    const bare = withoutMark(text);
    for (let at = bare.indexOf('\n'); at !== -1; at = bare.indexOf('\n', at + 1)) {
      starts.push(at + 1);
      if (starts.length % itemsInStep === 0) yield;
    }
    return new SourceFile(path, text, yield* starts.take());
  }

  get lines(): number {
    return this.#lineStarts.length;
  }

  /** A range over several lines is cut at the end of its first; an empty one covers one column. */
  place({ start, end }: SourceRange): Place {
    const from = Math.min(Math.max(start, 0), this.text.length);
    const index = this.#lineIndex(from);
    const lineStart = this.#lineStarts[index] ?? 0;
    const to = Math.max(Math.min(end, this.#lineEnd(index)), from + 1);
    return { line: index + 1, column: from - lineStart + 1, end_column: to - lineStart + 1 };
  }

  /** Text of a line, counted from 1, without its line break. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1];
    return start === undefined ? '' : this.text.slice(start, this.#lineEnd(number - 1));
  }

  offsetOf(line: number, column: number): number {
    return (this.#lineStarts[line - 1] ?? this.text.length) + column - 1;
  }

  /** Before its line break. */
  #lineEnd(index: number): number {
    const next = this.#lineStarts[index + 1];
    const end = next === undefined ? this.text.length : next - 1;
    const hasReturn = end > (this.#lineStarts[index] ?? 0) && this.text.charCodeAt(end - 1) === carriageReturn;
    return hasReturn ? end - 1 : end;
  }

  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
