/** The exit status, as shells tell it of a program that Ctrl-C has ended. */
export const interrupted = 130;

/** Ctrl-C, once: the work ends at the next good place. A second one ends the process as usual. */
export class Interrupt {
  private asked = false;
  private readonly listener = (): void => {
    this.asked = true;
  };

  constructor() {
    process.once('SIGINT', this.listener);
  }

  /** Lets signals in first: work that never waits would never hear of one. */
  async wasAsked(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.asked;
  }

  end(): void {
    process.off('SIGINT', this.listener);
  }
}
