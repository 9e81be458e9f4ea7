/** 64 bits that stand for a text: among ten million texts two are taken for one with a chance below one in 100,000. */
export interface Digest {
  readonly high: number;
  readonly low: number;
}

const finish = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (again ^ (again >>> 16)) | 0;
};

const firstHigh = 0x9e3779b9 | 0;
const firstLow = 0x7f4a7c15 | 0;

const nextHigh = (high: number, unit: number): number => {
  const mixed = Math.imul(high ^ unit, 0x5bd1e995);
  return (mixed << 13) | (mixed >>> 19);
};
const nextLow = (low: number, unit: number, high: number): number => {
  const mixed = Math.imul(low ^ unit, 0x1b873593);
  return (((mixed << 15) | (mixed >>> 17)) + high) | 0;
};

/** Two different mixes of one walk. Not keyed: what goes in is a keyed hash already, or no secret. */
export function digestOf(text: string): Digest {
  let high = firstHigh;
  let low = firstLow;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = nextHigh(high, unit);
    low = nextLow(low, unit, high);
  }
  return { high: finish(high ^ text.length), low: finish(low ^ (high >>> 1)) };
}

/** Of a link's key, given the digest of the link's name: the same text under two links is two keys. */
export function keyDigest(link: Digest, key: string): Digest {
  let { high, low } = link;
  for (let at = 0; at < key.length; at++) {
    const unit = key.charCodeAt(at);
    high = nextHigh(high, unit);
    low = nextLow(low, unit, high);
  }
  return { high: finish(high ^ key.length), low: finish(low ^ (high >>> 1)) };
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const pair = (half: number, shift: number): string => hexPairs[(half >>> shift) & 255] ?? '';
const hex = (half: number): string => pair(half, 24) + pair(half, 16) + pair(half, 8) + pair(half, 0);

export const digestText = ({ high, low }: Digest): string => hex(high) + hex(low);

/** What a link's key is called wherever rings are stored. */
export const ringKeyOf = (link: string, key: string): string => digestText(keyDigest(digestOf(link), key));
