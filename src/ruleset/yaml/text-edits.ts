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
    const after = applyEdits(file.text.slice(from, to), from, own).split('\n');
    const before = file.text.slice(from, to).split('\n');
    const head = `@@ -${first},${before.length} +${first + shift},${after.length} @@`;
    shift += after.length - before.length;
    return [head, ...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)].join('\n');
  });
  return `--- ${file.path}\n+++ ${file.path}\n${texts.join('\n')}\n`;
}

function applyEdits(text: string, offset: number, edits: readonly TextEdit[]): string {
  let result = text;
  for (const { start, end, text: by } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start - offset) + by + result.slice(end - offset);
  return result;
}
