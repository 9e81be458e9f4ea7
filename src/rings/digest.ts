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

/** Two different mixes of one walk. Not keyed: what goes in is a keyed hash already, or no secret. */
export function digestOf(text: string): Digest {
  let high = 0x9e3779b9 | 0;
  let low = 0x7f4a7c15 | 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x5bd1e995);
    high = (high << 13) | (high >>> 19);
    low = Math.imul(low ^ unit, 0x1b873593);
    low = ((low << 15) | (low >>> 17)) + high;
  }
  return { high: finish(high ^ text.length), low: finish(low ^ (high >>> 1)) };
}

const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');

export const digestText = ({ high, low }: Digest): string => hex(high) + hex(low);

/** What a link's key is called wherever rings are stored: the same text under two links is two keys. */
export const ringKeyOf = (link: string, key: string): string => digestText(digestOf(`${link}\0${key}`));
