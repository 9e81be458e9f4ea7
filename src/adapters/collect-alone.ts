import { setFlagsFromString } from 'node:v8';

/**
 * V8 gives a collection of young garbage to several threads and waits for the last of them. Where every core is busy that
 * one waits for a core, and with it everybody who asks the service: alone, the same collection is some milliseconds of
 * work (bench/README.md, "Reload under load"). The flag is read at each collection, so it may be set at any time.
 */
export const collectGarbageAlone = (): void => setFlagsFromString('--no-parallel-scavenge');
