/** 2^12 registers: an estimate within about 1.6 %, exact for practical purposes below a thousand. */
const bits = 12;
const size = 2 ** bits;
const alpha = 0.7213 / (1 + 1.079 / size);

/** How many different accounts were seen, in 4 KiB whatever their number (HyperLogLog). Sketches are laid over each other. */
export class AccountSketch {
  private readonly registers: Uint8Array;

  private constructor(registers: Uint8Array) {
    this.registers = registers;
  }

  static empty(): AccountSketch {
    return new AccountSketch(new Uint8Array(size));
  }

  /** What `text` gave. */
  static read(text: string): AccountSketch {
    const registers = new Uint8Array(size);
    registers.set(Buffer.from(text, 'base64').subarray(0, size));
    return new AccountSketch(registers);
  }

  add(accountId: string): void {
    const hash = mixed(accountId);
    const register = hash >>> (32 - bits);
    const rank = Math.min(Math.clz32(hash << bits), 32 - bits) + 1;
    if (rank > (this.registers[register] ?? 0)) this.registers[register] = rank;
  }

  merge(other: AccountSketch): void {
    for (const [index, rank] of other.registers.entries())
      if (rank > (this.registers[index] ?? 0)) this.registers[index] = rank;
  }

  estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (alpha * size * size) / sum;
    if (raw <= 2.5 * size && empty > 0) return Math.round(size * Math.log(size / empty));
    // So many that 32 bits of hash collide.
    return Math.round(raw > 2 ** 32 / 30 ? -(2 ** 32) * Math.log(1 - raw / 2 ** 32) : raw);
  }

  text(): string {
    return Buffer.from(this.registers).toString('base64');
  }
}

/** FNV-1a, then the finaliser of MurmurHash3: every bit of the id reaches every bit of the hash. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
