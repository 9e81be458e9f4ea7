import { createHash, createHmac, hash } from 'node:crypto';
import type { CombineHashes, HashIdentifier } from '../../model/entity.js';

interface Pepper {
  /** Names the pepper, so that a later one can be told from it. */
  readonly kid: string;
  readonly secret: string;
}

/** 144 bits: no two of a billion identifiers meet. */
const length = 24;
const blockBytes = 64;
/** Longer identifiers take the slower way. */
const mostBytes = 2048;

/** `kid.` and the beginning of HMAC-SHA256(pepper, type, 0x00, normalised): equal values meet, none can be guessed back. */
export function createIdentifierHash({ kid, secret }: Pepper): HashIdentifier {
  const hmac = createTextHmac(secret);
  const hashed = keepRecent((text) => `${kid}.${hmac(text).slice(0, length)}`);
  return (type, normalised) => hashed(`${type}\0${normalised}`);
}

/** What a database keeps to know the pepper again that its identifiers were hashed with; says nothing of the pepper. */
export const pepperCheck = (secret: string): string => createIdentifierHash({ kid: 'k1', secret })('pepper', 'check');

/** A power of two. */
const places = 4096;

function placeOf(text: string): number {
  let bits = text.length;
  // The end says enough: identifiers of one kind begin alike.
  for (let i = Math.max(0, text.length - 12); i < text.length; i++)
    bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  return (bits ^ (bits >>> 15)) & (places - 1);
}

/**
 * An event asks for the hash of one identifier several times, and events share domains, ranges and templates; but most
 * identifiers never come again. So each text has one place, where the last one that has it stays: a map would cost more to
 * keep than it saves.
 */
function keepRecent(compute: (text: string) => string): (text: string) => string {
  const texts = new Array<string>(places).fill('');
  const answers = new Array<string>(places).fill(compute(''));
  return (text) => {
    const place = placeOf(text);
    const known = answers[place];
    if (texts[place] === text && known !== undefined) return known;
    const answer = compute(text);
    texts[place] = text;
    answers[place] = answer;
    return answer;
  };
}

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const sixBits = new Uint8Array(128);
for (const [bits, code] of alphabet.entries()) sixBits[code] = bits;
const combined = Buffer.alloc(length);
/** Places by which each further part is turned, so that parts cannot change places or cancel out. */
const turn = 7;

/**
 * The key of several identifiers from their hashes, without hashing again: their bits are added without carry, each part
 * turned by its place. As long as its parts do not meet, neither do the sums: two of a billion keys are alike with a chance
 * below one in 10^24. Without the pepper no part can be guessed back; that a key has to do with two others can be seen,
 * as it can from the keys that an account has touched.
 */
export const combineHashes: CombineHashes = (hashes) => {
  const [first = ''] = hashes;
  if (hashes.length < 2) return first;
  const start = first.indexOf('.') + 1;
  for (let i = 0; i < length; i++) combined[i] = sixBits[first.charCodeAt(start + i)] ?? 0;
  for (let place = 1; place < hashes.length; place++) addTurned(hashes[place] ?? '', (place * turn) % length);
  for (let i = 0; i < length; i++) combined[i] = alphabet[combined[i] ?? 0] ?? 0;
  return first.slice(0, start) + combined.toString('latin1');
};

function addTurned(text: string, by: number): void {
  let at = by;
  for (let i = text.indexOf('.') + 1, end = i + length; i < end; i++) {
    combined[at] = (combined[at] ?? 0) ^ (sixBits[text.charCodeAt(i)] ?? 0);
    at = at + 1 === length ? 0 : at + 1;
  }
}

/** HMAC-SHA256 of a text, base64url. */
export const createTextHmac = (secret: string | Buffer): ((text: string) => string) =>
  typeof hash === 'function' ? fastHmac(secret) : (text) => plainHmac(secret, text);

const plainHmac = (secret: string | Buffer, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');

/**
 * The same by its definition (RFC 2104) from two one-shot digests, at half the cost: an event takes dozens, and making an
 * Hmac object is the larger part of each. Node has one-shot digests since 20.12.
 */
function fastHmac(secret: string | Buffer): (text: string) => string {
  const given = typeof secret === 'string' ? Buffer.from(secret) : secret;
  const key = Buffer.alloc(blockBytes);
  (given.length > blockBytes ? createHash('sha256').update(given).digest() : given).copy(key);
  const inner = Buffer.alloc(blockBytes + mostBytes);
  const outer = Buffer.alloc(blockBytes + 32);
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return (text) => {
    // Three bytes are the most that one unit of UTF-16 can take.
    if (text.length * 3 > mostBytes) return plainHmac(secret, text);
    const size = blockBytes + inner.write(text, blockBytes);
    outer.write(hash('sha256', inner.subarray(0, size), 'binary'), blockBytes, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}
