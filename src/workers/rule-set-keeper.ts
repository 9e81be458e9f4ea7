import type { Clock, Instant } from '../model/time.js';
import { filesOfRuleSet, type KeptRuleSet, type RuleSetArchive } from '../ruleset/rule-set-archive.js';
import { startLoop } from './loop.js';

interface RuleSetKeeperPorts {
  readonly archive: Pick<RuleSetArchive, 'use' | 'keep'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

interface RuleSetKeeper {
  /** From now on this set decides. */
  inUse(set: KeptRuleSet): void;
  /** Everything that was in use by now is kept, unless the truth is away. */
  stop(): Promise<void>;
}

interface Use {
  readonly set: KeptRuleSet;
  readonly at: Instant;
}

/** Once a set is kept, its time of last use is raised this often. */
const raiseMs = 3_600_000;

/**
 * Keeps each rule set that comes into use, in the order of their coming; while the truth is away they wait here. Any
 * instance may keep the same.
 */
export function startRuleSetKeeper(ports: RuleSetKeeperPorts, { retryMs = 5000 } = {}): RuleSetKeeper {
  const { archive, clock, onError } = ports;
  const waiting: Use[] = [];
  let current: { readonly hash: string; raisedAt: Instant } | undefined;
  const work = async (): Promise<boolean> => {
    const [next] = waiting;
    if (next !== undefined) {
      await keepOne(archive, next);
      current = { hash: next.set.hash, raisedAt: next.at };
      waiting.shift();
    } else if (current !== undefined && clock.now() >= current.raisedAt + raiseMs) {
      await archive.use(current.hash, clock.now());
      current.raisedAt = clock.now();
    }
    return waiting.length > 0;
  };
  const loop = startLoop({ everyMs: retryMs, work, onError });
  return {
    inUse(set) {
      waiting.push({ set, at: clock.now() });
      loop.wake();
    },
    async stop() {
      await loop.stop();
      while (waiting.length > 0)
        if (
          await work().then(
            () => false,
            () => true,
          )
        )
          return;
    },
  };
}

async function keepOne(archive: RuleSetKeeperPorts['archive'], { set, at }: Use): Promise<void> {
  if (await archive.use(set.hash, at)) return;
  await archive.keep({ ...set, files: filesOfRuleSet(set.files) }, at);
}
