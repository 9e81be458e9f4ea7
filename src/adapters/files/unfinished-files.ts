import { rmSync } from 'node:fs';

const unfinished = new Set<string>();
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until `endFile`, a signal that ends the process removes the file first. */
export function beginFile(path: string): void {
  if (unfinished.size === 0) for (const signal of endings) process.on(signal, removeAndEnd);
  unfinished.add(path);
}

/** It is there under its own name now, or gone. */
export function endFile(path: string): void {
  unfinished.delete(path);
  if (unfinished.size === 0) for (const signal of endings) process.off(signal, removeAndEnd);
}

/** The process ends as the signal alone would have ended it, which whoever sent it can see. */
function removeAndEnd(signal: NodeJS.Signals): void {
  for (const path of unfinished) {
    rmSync(path, { force: true });
    endFile(path);
  }
  process.kill(process.pid, signal);
}
