import { z } from 'zod';
import type { TruthMark } from '../../gate/truth-mark.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const markKey = 'portcullis:truth';

const markSchema = z.object({
  place: z.string(),
  name: z.string(),
  seq: z.number(),
  print: z.string(),
  at: z.number(),
});

/** As it stands there; what cannot be read is no mark. */
interface ShownMark {
  readonly text: string;
  readonly mark: TruthMark | undefined;
}

/** What Redis was told of the truth. Rejects when Redis does not answer. */
export class RedisTruthMark {
  private readonly exchangeText = loadScript('exchange-text');

  constructor(private readonly redis: RedisConnection) {}

  async shown(): Promise<ShownMark> {
    const text = await this.redis.call('GET', markKey);
    return typeof text === 'string' ? { text, mark: markOf(text) } : { text: '', mark: undefined };
  }

  /** False where another text than `shown` is there by now. */
  async exchange(shown: ShownMark, mark: TruthMark): Promise<boolean> {
    return (await this.redis.run(this.exchangeText, [markKey], [shown.text, JSON.stringify(mark)])) === 1;
  }
}

function markOf(text: string): TruthMark | undefined {
  try {
    return markSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
