/** Rows of one block, a multiple of 32. */
export const blockRows = 4096;
export const blockWords = blockRows / 32;

/** One bit for each row of a block. */
export type Bits = Uint32Array;

export const newBits = (): Bits => new Uint32Array(blockWords);

export function setBit(bits: Bits, row: number): void {
  const word = row >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (row & 31));
}

export function clearBit(bits: Bits, row: number): void {
  const word = row >>> 5;
  bits[word] = (bits[word] ?? 0) & ~(1 << (row & 31));
}

export function addBits(into: Bits, more: Bits): void {
  for (let word = 0; word < blockWords; word++) into[word] = (into[word] ?? 0) | (more[word] ?? 0);
}

export function keepBits(into: Bits, kept: Bits): void {
  for (let word = 0; word < blockWords; word++) into[word] = (into[word] ?? 0) & (kept[word] ?? 0);
}

export function removeBits(from: Bits, gone: Bits): void {
  for (let word = 0; word < blockWords; word++) from[word] = (from[word] ?? 0) & ~(gone[word] ?? 0);
}

/** Sets the first `rows` bits and clears the others. */
export function fillRows(bits: Bits, rows: number): void {
  bits.fill(0);
  bits.fill(0xffffffff, 0, rows >>> 5);
  if ((rows & 31) !== 0) bits[rows >>> 5] = 2 ** (rows & 31) - 1;
}

/** Hamming weight of 32 bits. */
export function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
