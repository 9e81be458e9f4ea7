/** A timer that comes this late was held up: by this process, or by the machine. */
const heldUpMs = 10;

/**
 * Calls `onEnd` once the time is over; returns what stops it. What the process itself was held up is given back once, up to
 * `ms`: others had no time to answer then, or their answer lies unread in a socket, which is read before `onEnd` is called.
 */
export function countDown(ms: number, onEnd: () => void): () => void {
  const dueAt = performance.now() + ms;
  let reading: NodeJS.Immediate | undefined;
  const read = (): void => {
    reading = setImmediate(onEnd);
  };
  let timer = setTimeout(() => {
    const lateMs = performance.now() - dueAt;
    if (lateMs < heldUpMs) read();
    else timer = setTimeout(read, Math.min(lateMs, ms));
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(reading);
  };
}

/** Rejects when `work` has not settled in time; what it does may still happen then. */
export const within = <T>(work: Promise<T>, timeoutMs: number): Promise<T> =>
  settled(work, timeoutMs, (_resolve, reject) => reject(new Error(`no answer within ${timeoutMs} ms`)));

/** The same with an answer in its place. */
export const orElse = <T>(work: Promise<T>, timeoutMs: number, late: T): Promise<T> =>
  settled(work, timeoutMs, (resolve) => resolve(late));

type Settle<T> = (resolve: (answer: T) => void, reject: (error: unknown) => void) => void;

function settled<T>(work: Promise<T>, timeoutMs: number, giveUp: Settle<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = countDown(timeoutMs, () => giveUp(resolve, reject));
    const settle = (answer: T): void => {
      stop();
      resolve(answer);
    };
    work.then(settle, (error: unknown) => {
      stop();
      reject(error);
    });
  });
}
