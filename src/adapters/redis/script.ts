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

/** `name` without its ending: `label-key` is lua/label-key.lua. Read once, at start; throws when it is not there. */
export const loadScript = (name: string): Script => scriptOf([name], false);

/** A script in several files, which follow each other as if they were one, for any number of keys at a time. */
export const loadKeysScript = (...parts: readonly string[]): Script => scriptOf(parts, true);
