import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script of this folder; run by its digest, sent whole once for each server. */
export interface Script {
  readonly name: string;
  readonly lua: string;
  readonly sha: string;
}

/** `name` without its ending: `observe-key` is lua/observe-key.lua. Read once, at start; throws when it is not there. */
export function loadScript(name: string): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
  return { name, lua, sha: createHash('sha1').update(lua).digest('hex') };
}
