import { readLines } from '../adapters/files/read-lines.js';
import type { Label } from '../model/label.js';
import { readLabelLine } from '../replay/read-label-line.js';
import { UsageError } from './command-arguments.js';
import { lineText } from './line-text.js';

/** What each account turned out to be in the end. Throws `UsageError` at a line that is no label. */
export async function readFinalLabels(file: string): Promise<ReadonlyMap<string, Label>> {
  const latest = new Map<string, { readonly at: number; readonly label: Label }>();
  let line = 0;
  for await (const block of readLines(file))
    for (const text of block) {
      line++;
      if (text.trim() === '') continue;
      const read = readLabelLine(text, line);
      if (!read.ok) throw new UsageError(lineText(file, read.error));
      const { accountId, label, observedAt } = read.value;
      if ((latest.get(accountId)?.at ?? Number.NEGATIVE_INFINITY) <= observedAt)
        latest.set(accountId, { at: observedAt, label });
    }
  return new Map([...latest].map(([account, { label }]) => [account, label]));
}
