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
  #newline = -1;

  constructor(private readonly text: string) {
    // A byte order mark is no part of the first line.
    this.#next = text.startsWith('\uFEFF') ? 1 : 0;
  }

  /** False when there is no further line. */
  read(): boolean {
    const start = this.#next;
    if (start === undefined) return false;
    // Kept over several lines that end with \r.
    if (this.#newline < start) this.#newline = this.text.indexOf('\n', start);
    if (this.#newline < 0) this.#newline = this.text.length;
    const rest = this.text.slice(start, this.#newline);
    const length = rest.indexOf('\r');
    const end = length < 0 ? this.#newline : start + length;
    this.start = start;
    this.line = length < 0 ? rest : rest.slice(0, length);
    this.number++;
    if (end === this.text.length) this.#next = undefined;
    else this.#next = end + 1 === this.#newline && end + 1 < this.text.length ? end + 2 : end + 1;
    return true;
  }
}

/** A comment begins the line or follows a space, so that an entry may hold a `#`. Empty when the line holds nothing else. */
export function entryIn(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1))
    if (at === 0 || /\s/.test(line.charAt(at - 1))) return line.slice(0, at).trim();
  return line.trim();
}
