import type { SourceFile } from './source-file.js';

/** Other text in place of a range of a file. */
export interface TextEdit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The whole text of a file with its edits made; they do not overlap. */
export const editedText = (file: SourceFile, edits: readonly TextEdit[]): string => applyEdits(file.text, 0, edits);

/** Lines that change, each once, however many edits it holds, as a diff without context. */
export function fileDiff(file: SourceFile, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const hunks: { first: number; last: number; edits: TextEdit[] }[] = [];
  for (const edit of sorted) {
    const first = file.place(edit).line;
    const last = file.place({ start: Math.max(edit.start, edit.end - 1), end: edit.end }).line;
    const open = hunks.at(-1);
    if (open !== undefined && first <= open.last) {
      open.last = Math.max(open.last, last);
      open.edits.push(edit);
    } else hunks.push({ first, last, edits: [edit] });
  }
  let shift = 0;
  const texts = hunks.map(({ first, last, edits: own }) => {
    const from = file.offsetOf(first, 1);
    const to = file.offsetOf(last, 1) + file.line(last).length;
    const before = file.text.slice(from, to).split('\n');
    const after = applyEdits(file.text.slice(from, to), from, own).split('\n');
    const hunk = hunkText({ first, shift, before, after });
    shift += after.length - before.length;
    return hunk;
  });
  return `--- ${file.path}\n+++ ${file.path}\n${texts.join('\n')}\n`;
}

interface Hunk {
  /** Line in the old file, from 1. */
  readonly first: number;
  /** Lines that the new file has more before it. */
  readonly shift: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Without the lines that both begin or end with. */
function hunkText({ first, shift, before, after }: Hunk): string {
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  // Nothing removed or added is said to come after the line before it.
  const at = (line: number, lines: readonly string[]): string =>
    `${lines.length === 0 ? line - 1 : line},${lines.length}`;
  const place = `@@ -${at(first + head, removed)} +${at(first + head + shift, added)} @@`;
  return [place, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n');
}

function applyEdits(text: string, offset: number, edits: readonly TextEdit[]): string {
  let result = text;
  for (const { start, end, text: by } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start - offset) + by + result.slice(end - offset);
  return result;
}
