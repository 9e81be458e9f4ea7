export interface Loop {
  /** Runs again as soon as possible. */
  wake(): void;
  /** Ends after the run under way. */
  stop(): Promise<void>;
}

interface LoopOptions {
  readonly everyMs: number;
  /** True: there is more to do, run again at once. */
  readonly work: () => Promise<boolean>;
  /** A failed run is told and repeated at the next turn. */
  readonly onError: (error: unknown) => void;
}

/** Runs work now, then every so often and whenever it is woken; never two runs at the same time. */
export function startLoop({ everyMs, work, onError }: LoopOptions): Loop {
  let stopped = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const turn = async (): Promise<boolean> => {
    try {
      return await work();
    } catch (error) {
      onError(error);
      return false;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      const more = await turn();
      if (!more && !woken && !stopped) await pause();
    }
  };
  const running = run();
  return {
    wake() {
      woken = true;
      rouse();
    },
    async stop() {
      stopped = true;
      rouse();
      await running;
    },
  };
}
