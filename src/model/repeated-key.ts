import { containsCardNumber } from './card-number.js';
import { jsonPointer } from './json-pointer.js';

const codeOf = (character: string): number => character.charCodeAt(0);
const [quote, backslash, colon, comma] = [codeOf('"'), codeOf('\\'), codeOf(':'), codeOf(',')];
const [openObject, closeObject, openArray, closeArray] = [codeOf('{'), codeOf('}'), codeOf('['), codeOf(']')];
const space = codeOf(' ');

/** The place of the quote that ends the string beginning at `start`: before it stands an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (json.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end;
  }
}

/** Outside of strings a colon stands after each key, and nowhere else. */
function keysWritten(json: string): number {
  let keys = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === colon) keys++;
  }
  return keys;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** With a stack of its own: 64 KiB of brackets would overflow the call stack. */
function keysRead(parsed: unknown): number {
  let keys = 0;
  const rest: object[] = isNested(parsed) ? [parsed] : [];
  for (let place = rest.pop(); place !== undefined; place = rest.pop()) {
    const names = Array.isArray(place) ? undefined : Object.keys(place);
    keys += names?.length ?? 0;
    const members: readonly unknown[] = Array.isArray(place) ? place : [];
    for (const member of members) if (isNested(member)) rest.push(member);
    for (const name of names ?? []) {
      const member: unknown = Reflect.get(place, name);
      if (isNested(member)) rest.push(member);
    }
  }
  return keys;
}

/** An object that is being read, with the keys it had so far, or an array; `step` leads to the member that is being read. */
interface Level {
  readonly keys: Set<string> | undefined;
  step: string | number;
}

const longestPointer = 256;

/** A key that holds a card number is not repeated: what lies in or under it is named by what it lies in. */
function pointerOf(levels: readonly Level[]): string {
  const steps = levels.map(({ step }) => step);
  const card = steps.findIndex((step) => containsCardNumber(String(step)));
  return jsonPointer(card < 0 ? steps : steps.slice(0, card)).slice(0, longestPointer);
}

function isKey(json: string, end: number): boolean {
  let at = end + 1;
  while (json.charCodeAt(at) <= space) at++;
  return json.charCodeAt(at) === colon;
}

/** Key by key, for the few texts that have one. */
function findRepeatedKey(json: string): string | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    const level = levels.at(-1);
    if (code === openObject) levels.push({ keys: new Set(), step: '' });
    else if (code === openArray) levels.push({ keys: undefined, step: 0 });
    else if (code === closeObject || code === closeArray) levels.pop();
    else if (code === comma && typeof level?.step === 'number') level.step++;
    else if (code === quote) {
      const end = endOfString(json, at);
      if (level?.keys !== undefined && isKey(json, end)) {
        const key = String(JSON.parse(json.slice(at, end + 1)));
        level.step = key;
        if (level.keys.has(key)) return pointerOf(levels);
        level.keys.add(key);
      }
      at = end;
    }
  }
  return undefined;
}

/**
 * The pointer of a key that its object has twice; undefined where none has. `parsed` is what `JSON.parse` made of `json`: it
 * keeps the last of them, so that fewer keys are read than are written.
 */
export const repeatedKey = (json: string, parsed: unknown): string | undefined =>
  keysWritten(json) === keysRead(parsed) ? undefined : findRepeatedKey(json);
