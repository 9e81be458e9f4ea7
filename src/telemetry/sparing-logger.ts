import type { Logger } from './logger.js';

type Fields = Parameters<Logger['warn']>[0];

/** The same trouble is told again after this long, if it still lasts. */
const silenceMs = 30_000;
/** More different troubles than these within the silence are told each time: memory stays bounded. */
const mostKept = 500;

interface Told {
  readonly at: number;
  repeated: number;
}

/**
 * Undefined without an error: what is news each time, such as a fuse that blows, is told each time. Which request met it
 * makes it no other trouble; the line of its answer has the id.
 */
function troubleOf(fields: Fields, message: string): string | undefined {
  const { error, request_id: _met, ...others } = fields;
  return error instanceof Error ? `${message} ${error.message} ${JSON.stringify(others)}` : undefined;
}

/**
 * An error that was told within the last half minute (the same sentence about the same thing) is counted instead of
 * written; the next one written says how many (`repeated`). What a store that is away makes loops say a hundred times a
 * minute must not bury what else happens in the night. `elapsed` in milliseconds.
 */
export function sparingLogger(logger: Logger, elapsed: () => number): Logger {
  const told = new Map<string, Told>();
  const sparing = (level: 'warn' | 'error') => (fields: Fields, message: string) => {
    const trouble = troubleOf(fields, message);
    if (trouble === undefined) return logger[level](fields, message);
    const before = told.get(trouble);
    const now = elapsed();
    if (before !== undefined && now - before.at < silenceMs) {
      before.repeated += 1;
      return;
    }
    told.delete(trouble);
    if (told.size >= mostKept) forgetOld(told, now);
    if (told.size < mostKept) told.set(trouble, { at: now, repeated: 0 });
    const repeated = before?.repeated ?? 0;
    logger[level](repeated === 0 ? fields : { ...fields, repeated }, message);
  };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: sparing('warn'),
    error: sparing('error'),
  };
}

function forgetOld(told: Map<string, Told>, now: number): void {
  for (const [key, { at }] of told) if (now - at >= silenceMs) told.delete(key);
}
