/** What a number is to be: `40`, `>= 40`, `12-30`. */
export class NumberCheck {
  private constructor(
    readonly text: string,
    private readonly holdsFor: (value: number) => boolean,
  ) {}

  holds(value: number): boolean {
    return this.holdsFor(value);
  }

  /** Undefined when the text is none. */
  static parse(text: string): NumberCheck | undefined {
    const trimmed = text.trim();
    const range = rangeForm.exec(trimmed);
    if (range !== null) {
      const [least, most] = [Number(range[1]), Number(range[2])];
      return least <= most ? new NumberCheck(trimmed, (value) => value >= least && value <= most) : undefined;
    }
    const [, operator = '', number] = comparisonForm.exec(trimmed) ?? [];
    const compare = comparisons[operator];
    if (number === undefined || compare === undefined) return undefined;
    return new NumberCheck(trimmed, (value) => compare(value, Number(number)));
  }
}

const rangeForm = /^(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)$/;
const comparisonForm = /^(>=|<=|==|!=|>|<|)\s*(-?\d+(?:\.\d+)?)$/;

/** Features such as the expected count of a burst are no round numbers: what prints the same is the same. */
const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '': isSame,
  '==': isSame,
  '!=': (value, bound) => !isSame(value, bound),
  '>=': (value, bound) => value >= bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '<': (value, bound) => value < bound,
};
