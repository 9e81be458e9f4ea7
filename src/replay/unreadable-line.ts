/** What stands for a line of a file that cannot be read as text: no JSON begins with this sign. */
const mark = '\uFFFD ';

export const unreadable = {
  notUtf8: `${mark}this is not UTF-8`,
  tooLong: `${mark}this is longer than 4 MiB`,
} as const;

const reasons: ReadonlyMap<string, string> = new Map(
  Object.values(unreadable).map((line) => [line, line.slice(mark.length)]),
);

/** Why a line could not be read; undefined for every other. */
export const unreadableReason = (line: string): string | undefined => reasons.get(line);
