import type { z } from 'zod';
import { readLines } from '../adapters/files/read-lines.js';
import { err, ok, type Result } from '../model/result.js';
import { validate } from '../model/validate.js';
import { type LineProblem, parseJsonLine } from '../replay/read-event-line.js';
import { UsageError } from './command-arguments.js';
import { lineText } from './line-text.js';

/** Lines of one kind. */
export interface LineKind<T> {
  readonly schema: z.ZodType<T>;
  /** What they are, for whoever gave another file. */
  readonly name: string;
}

/** Each line of a file; the first that is not of the kind ends the command with its place and with what was expected. */
export async function eachJsonLine<T>(file: string, kind: LineKind<T>, take: (value: T) => void): Promise<void> {
  let number = 0;
  for await (const lines of readLines(file))
    for (const line of lines) {
      number++;
      if (line === '') continue;
      const read = readLine(line, number, kind);
      if (!read.ok) throw new UsageError(`${lineText(file, read.error)}; this should be ${kind.name}`);
      take(read.value);
    }
}

function readLine<T>(text: string, line: number, { schema }: LineKind<T>): Result<T, LineProblem> {
  const json = parseJsonLine(text, line);
  if (!json.ok) return json;
  const parsed = validate(schema, json.value);
  if (parsed.ok) return ok(parsed.value);
  const [first] = parsed.error.errors ?? [];
  return err({ line, pointer: first?.pointer ?? '', detail: first?.detail ?? 'this is something else' });
}
