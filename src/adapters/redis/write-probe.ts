import type { WriteState } from '../../gate/projection-trust.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const probe = loadScript('probe-writes');

const stateOf = (answer: unknown): WriteState => {
  if (!(answer instanceof Error)) return 'taken';
  return answer.message.startsWith('OOM') ? 'full' : 'refused';
};

/** Of the server that is worst off; writes nothing. Rejects when one does not answer. */
export async function probeWrites(redis: RedisConnection): Promise<WriteState> {
  const states = (await redis.runEverywhere(probe)).map(stateOf);
  return (['refused', 'full'] as const).find((state) => states.includes(state)) ?? 'taken';
}
