import { readFileSync } from 'node:fs';

/**
 * CPU time of this thread alone: on a busy machine, what a wait would be at least on a free one. Of the whole process where
 * Linux is not.
 */
function cpuMs() {
  // Asking for that of the process brings the figure of this thread up to date.
  const { user, system } = process.cpuUsage();
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return (user + system) / 1000;
  }
}

/** Evaluations at fixed times, whatever comes of the ones before; each one's time counts from when it was due. */
export function startLoad(evaluate, everyMs) {
  const latencies = [];
  const gaps = [];
  const cpuGaps = [];
  let lastCpu = cpuMs();
  let due = performance.now() + everyMs;
  let last = performance.now();
  let sent = 0;
  const running = new Set();
  const timer = setInterval(() => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    const cpu = cpuMs();
    cpuGaps.push(cpu - lastCpu);
    lastCpu = cpu;
    // After a wait one at a time, as they would be read from their connections: a burst would be a block of our own.
    if (due <= now) {
      const from = due;
      const one = evaluate(sent++).then(() => {
        latencies.push(performance.now() - from);
        running.delete(one);
      });
      running.add(one);
      due += everyMs;
    }
  }, 1);
  return {
    /** What was measured since the last call; milliseconds. */
    take: () => ({ latencies: latencies.splice(0), gaps: gaps.splice(0), cpuGaps: cpuGaps.splice(0) }),
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}
