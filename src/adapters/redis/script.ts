import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script of this folder; run by its digest, sent whole once for each server. */
export interface Script {
  readonly name: string;
  readonly lua: string;
  readonly sha: string;
  /** A call stands for one call a key; it may be divided by keys where these live on several servers. */
  readonly isPerKey: boolean;
}

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

function scriptOf(parts: readonly string[], isPerKey: boolean): Script {
  const lua = parts.map(read).join('');
  return { name: parts.join('+'), lua, sha: createHash('sha1').update(lua).digest('hex'), isPerKey };
}

/**
 * Names without their ending: `label-key` is lua/label-key.lua; several files follow each other as if they were one. Read
 * once, at start; throws when one is not there.
 */
export const loadScript = (...parts: readonly string[]): Script => scriptOf(parts, false);

/** A script for any number of keys at a time. */
export const loadKeysScript = (...parts: readonly string[]): Script => scriptOf(parts, true);
