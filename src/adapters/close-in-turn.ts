interface ClosingStep {
  /** For people. */
  readonly name: string;
  readonly withinMs: number;
  readonly close: () => Promise<unknown>;
}

/**
 * Closes one after the other; one that takes too long, or fails, does not hold up the others. Returns those that have not
 * ended: whoever ends the process then has to do so by force.
 */
export async function closeInTurn(steps: readonly ClosingStep[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const step of steps) if (!(await hasClosed(step))) left.push(step.name);
  return left;
}

function hasClosed({ close, withinMs }: ClosingStep): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs, false);
    const settle = (isClosed: boolean): void => {
      clearTimeout(timer);
      resolve(isClosed);
    };
    close().then(
      () => settle(true),
      () => settle(false),
    );
  });
}
