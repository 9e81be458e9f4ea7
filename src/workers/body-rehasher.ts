import type { Logger } from '../telemetry/logger.js';
import { startLoop } from './loop.js';

interface BodyRehasherPorts {
  /** One page; false when there are no more. */
  readonly rehash: () => Promise<boolean>;
  readonly log: Logger;
}

/** After an upgrade, hashes of bodies from before they had a key are replaced, page by page; then it ends by itself. */
export function startBodyRehasher({ rehash, log }: BodyRehasherPorts, { everyMs = 500 } = {}) {
  const loop = startLoop({
    everyMs,
    work: async () => {
      if (!(await rehash())) void loop.stop();
      // Whoever commits comes first.
      return false;
    },
    onError: (error) => log.warn({ error }, 'hashes of older events could not be replaced yet'),
  });
  return loop;
}
