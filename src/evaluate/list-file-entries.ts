/** An entry as it stands in a list file. */
export interface FileEntry {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A comment begins the line or follows a space, so that a value may hold a `#`. */
function entryOf(line: string): string {
  const comment = /(^|\s)#/.exec(line);
  return (comment === null ? line : line.slice(0, comment.index)).trim();
}

function* entriesOf(text: string): Generator<FileEntry> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    const value = entryOf(line);
    if (value !== '') yield { value, line: index + 1 };
  }
}

/** Entries after a line; the cursor is the last line of a page. */
export function listFilePage(text: string, after: number, limit: number) {
  const entries: FileEntry[] = [];
  for (const entry of entriesOf(text)) {
    if (entry.line <= after) continue;
    if (entries.length === limit) return { entries, nextCursor: String(entries.at(-1)?.line) };
    entries.push(entry);
  }
  return { entries, nextCursor: null };
}

/** The line of the first entry that is meant. */
export function findInListFile(text: string, isMeant: (value: string) => boolean): number | undefined {
  for (const { value, line } of entriesOf(text)) if (isMeant(value)) return line;
  return undefined;
}
