import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SkewedClock {
  /** For the service whose clock it is. */
  readonly env: Readonly<Record<string, string>>;
  /** From the service's next start on. */
  set(skewMs: number): Promise<void>;
  remove(): Promise<void>;
}

/** A wall clock that is wrong by so much, in every thread of a service. */
export async function skewedClock(skewMs: number): Promise<SkewedClock> {
  const dir = await mkdtemp(join(tmpdir(), 'portcullis-clock-'));
  const file = join(dir, 'skew');
  const set = (ms: number): Promise<void> => writeFile(file, String(ms));
  await set(skewMs);
  const preloaded = fileURLToPath(new URL('./wrong-clock-preload.mjs', import.meta.url));
  return {
    env: { NODE_OPTIONS: `--import=${preloaded}`, TRIAL_SKEW_FILE: file },
    set,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
