import type { RandomBytes } from '../../model/ids.js';

/** Bytes that count upwards, five bits each, so that ids are different, in order, and the same in every run. */
export function countedBytes(): RandomBytes {
  let count = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    let rest = count++;
    for (let i = length - 1; i >= 0 && rest > 0; i--) {
      bytes[i] = rest & 31;
      rest = Math.floor(rest / 32);
    }
    return bytes;
  };
}
