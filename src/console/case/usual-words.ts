import type { Operations } from '../api/types.ts';

type Usual = Operations['getUsualInputs']['reply'];
export type UsualInput = Usual['inputs'][number];

/** With fewer, one odd neighbour would pass for a habit. */
const enough = 20;

/** An input beside those of the people let in before. */
export function usualWords({ known, same, range }: UsualInput): string {
  if (known === 0) return 'nobody let in lately had one';
  if (known < enough) return `only ${known} let in lately had one: too few to say what is usual`;
  if (range === null) return `the same for ${among(same, known)}`;
  const { low, median, high, at_least } = range;
  const usual = low === high ? `usually ${short(low)}` : `usually ${short(low)} to ${short(high)}`;
  const half = low === high ? '' : `, half at most ${short(median)}`;
  return `${usual}${half}; as much or more for ${among(at_least, known)}`;
}

const among = (some: number, all: number): string => (some === 0 ? `none of ${all}` : `${some} of ${all}`);

/** Three digits say enough of a usual value. */
const short = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
