/** Microseconds an event, after warming up, over at least 300 ms. */
export async function measure(run, events) {
  const until = async (ms) => {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < ms) {
      const event = events[done % events.length];
      const result = run(event);
      if (result instanceof Promise) await result;
      done += 1;
    }
    return ((performance.now() - start) * 1000) / done;
  };
  await until(100);
  return until(300);
}
