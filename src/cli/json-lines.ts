import { readLines } from '../adapters/files/read-lines.js';
import { unreadableReason } from '../replay/unreadable-line.js';
import { UsageError } from './command-arguments.js';

/** Each line of a file as what the guard says it is; the first that is not ends the command with its place. */
export async function eachJsonLine<T>(
  file: string,
  isExpected: (value: unknown) => value is T,
  take: (value: T) => void,
): Promise<void> {
  let number = 0;
  for await (const lines of readLines(file))
    for (const line of lines) {
      number++;
      if (line === '') continue;
      const value = parsed(line);
      if (!isExpected(value))
        throw new UsageError(`${file}:${number}: ${unreadableReason(line) ?? 'this is no line of such a file'}`);
      take(value);
    }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
