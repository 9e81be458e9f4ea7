import type { AccountLabel } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { DueWork } from './due-work.js';
import { EventOrder } from './event-order.js';
import type { LineProblem } from './read-event-line.js';
import { readLabelLine } from './read-label-line.js';
import { tooLate } from './too-late.js';

interface LabelInput {
  readonly lines: AsyncIterable<readonly string[]>;
  readonly horizonMs: number;
  readonly refuse: (problem: LineProblem) => void;
}

/** Labels of a file, oldest first; no more of them are read than are due. */
export class LabelLines implements DueWork {
  private next: AccountLabel | undefined;

  private constructor(
    private readonly labels: AsyncIterator<AccountLabel>,
    private readonly apply: (label: AccountLabel) => Promise<void>,
  ) {}

  static async open(input: LabelInput, apply: (label: AccountLabel) => Promise<void>): Promise<LabelLines> {
    const lines = new LabelLines(inOrder(input), apply);
    await lines.advance();
    return lines;
  }

  nextAt(): Instant | undefined {
    return this.next?.observedAt;
  }

  async run(): Promise<void> {
    const label = this.next;
    await this.advance();
    if (label !== undefined) await this.apply(label);
  }

  private async advance(): Promise<void> {
    const read = await this.labels.next();
    this.next = read.done === true ? undefined : read.value;
  }
}

async function* inOrder({ lines, horizonMs, refuse }: LabelInput): AsyncGenerator<AccountLabel> {
  const order = new EventOrder<AccountLabel & { readonly at: Instant }>(horizonMs);
  let newest: Instant = 0;
  let line = 0;
  for await (const block of lines) {
    for (const text of block) {
      line++;
      if (text.trim() === '') continue;
      const read = readLabelLine(text, line);
      if (!read.ok) {
        refuse(read.error);
        continue;
      }
      const at = read.value.observedAt;
      newest = Math.max(newest, at);
      if (!order.push({ ...read.value, at })) refuse({ line, pointer: '/at', detail: tooLate(newest - at, horizonMs) });
      for (let next = order.next(); next !== undefined; next = order.next()) yield next;
    }
  }
  for (let next = order.last(); next !== undefined; next = order.last()) yield next;
}
