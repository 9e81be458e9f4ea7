/**
 * Goes through a text line by line; a line ends with \n, \r\n or \r. Nothing is split: the array of a million lines would
 * hold everybody up, while it is made and while it is collected.
 */
export class LineReader {
  /** Of the line that was read last, from 1. */
  number = 0;
  /** Where it begins in the text. */
  start = 0;
  /** Without its end. */
  line = '';
  #next: number | undefined;
  #return: number;
  #newline: number;

  constructor(private readonly text: string) {
    // A byte order mark is no part of the first line.
    this.#next = text.startsWith('\uFEFF') ? 1 : 0;
    this.#return = this.#find('\r', 0);
    this.#newline = this.#find('\n', 0);
  }

  /** False when there is no further line. */
  read(): boolean {
    if (this.#next === undefined) return false;
    this.start = this.#next;
    if (this.#return < this.start) this.#return = this.#find('\r', this.start);
    if (this.#newline < this.start) this.#newline = this.#find('\n', this.start);
    const end = Math.min(this.#newline, this.#return);
    this.line = this.text.slice(this.start, end);
    this.number++;
    if (end === this.text.length) this.#next = undefined;
    else this.#next = end + (end === this.#return && this.#newline === end + 1 ? 2 : 1);
    return true;
  }

  #find(end: string, from: number): number {
    const found = this.text.indexOf(end, from);
    return found < 0 ? this.text.length : found;
  }
}

/** A comment begins the line or follows a space, so that an entry may hold a `#`. Empty when the line holds nothing else. */
export function entryIn(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1))
    if (at === 0 || /\s/.test(line.charAt(at - 1))) return line.slice(0, at).trim();
  return line.trim();
}
