/**
 * An IP address as four 32-bit words, most significant first. IPv4 (and `::ffff:a.b.c.d`) lives in the last word
 * with the others zero; `version` keeps the families apart: an IPv4 address is in no IPv6 range.
 */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly words: readonly [number, number, number, number];
  /** Canonical text: dotted quad, or RFC 5952. */
  readonly text: string;
}

export interface IpRange {
  readonly version: 4 | 6;
  /** Network words with the host bits cleared. */
  readonly words: readonly [number, number, number, number];
  /** Prefix length within the family: 0 to 32, or 0 to 128. */
  readonly bits: number;
}

const dot = 46;
const zero = 48;

/** A dotted quad; by its characters, because every event brings one. */
function parseV4Word(text: string): number | undefined {
  let word = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return undefined;
      word = word * 256 + octet;
      octet = 0;
      digits = 0;
      continue;
    }
    // A leading zero is octal to some parsers: refuse what two readers could read differently.
    if (code < zero || code > zero + 9 || (digits > 0 && octet === 0)) return undefined;
    octet = octet * 10 + code - zero;
    digits++;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? word * 256 + octet : undefined;
}

const v4Text = (word: number): string => `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;

function parseGroups(part: string): number[] | undefined {
  if (part === '') return [];
  const groups: number[] = [];
  const pieces = part.split(':');
  for (const [index, piece] of pieces.entries()) {
    if (piece.includes('.')) {
      const word = index === pieces.length - 1 ? parseV4Word(piece) : undefined;
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(piece)) return undefined;
      groups.push(Number.parseInt(piece, 16));
    }
  }
  return groups;
}

function parseV6Groups(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '');
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  const tail = parseGroups(halves[1] ?? '');
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

function v6Text(groups: readonly number[]): string {
  const hex = groups.map((group) => group.toString(16));
  const zeros = longestZeroRun(groups);
  if (zeros.length < 2) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`;
}

type AddressWords = Pick<IpAddress, 'version' | 'words'>;

function parseWords(text: string): AddressWords | undefined {
  if (!text.includes(':')) {
    const word = parseV4Word(text);
    return word === undefined ? undefined : { version: 4, words: [0, 0, 0, word] };
  }
  const groups = parseV6Groups(text);
  if (groups === undefined) return undefined;
  const word = (index: number): number => (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0;
  const mapped = word(0) === 0 && word(2) === 0 && groups[4] === 0 && groups[5] === 0xffff;
  if (mapped) return { version: 4, words: [0, 0, 0, word(6)] };
  return { version: 6, words: [word(0), word(2), word(4), word(6)] };
}

const textOf = ({ version, words }: AddressWords): string =>
  version === 4 ? v4Text(words[3]) : v6Text(words.flatMap((word) => [word >>> 16, word & 0xffff]));

/** Undefined when the text is no address; zone ids, ports, octal and short forms are no addresses. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const parsed = parseWords(text);
  if (parsed === undefined) return undefined;
  const { version, words } = parsed;
  // Without leading zeros a dotted quad is canonical as it is.
  return { version, words, text: text.includes(':') ? textOf(parsed) : text };
}

const maskWord = (word: number, bits: number): number =>
  bits <= 0 ? 0 : bits >= 32 ? word : (word & (0xffffffff << (32 - bits))) >>> 0;

/** The network an address is in, `bits` counted within its family. */
export function networkOf(address: Pick<IpAddress, 'version' | 'words'>, bits: number): IpRange {
  const [a, b, c, d] = address.words;
  if (address.version === 4) return { version: 4, words: [0, 0, 0, maskWord(d, bits)], bits };
  return {
    version: 6,
    words: [maskWord(a, bits), maskWord(b, bits - 32), maskWord(c, bits - 64), maskWord(d, bits - 96)],
    bits,
  };
}

export const rangeText = (range: IpRange): string => `${textOf(range)}/${range.bits}`;

/** `10.0.0.0/8`, or a single address (its whole length). Undefined when it is neither. */
export function parseIpRange(text: string): IpRange | undefined {
  const [base, length, ...rest] = text.split('/');
  const address = base === undefined || rest.length > 0 ? undefined : parseWords(base);
  if (address === undefined) return undefined;
  const whole = address.version === 4 ? 32 : 128;
  if (length === undefined) return networkOf(address, whole);
  // As in an address: a leading zero is eight to some, ten to others.
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const mapped = address.version === 4 && base?.includes(':') === true;
  const bits = Number(length) - (mapped ? 96 : 0);
  return bits < 0 || bits > whole ? undefined : networkOf(address, bits);
}

export function rangeContains(range: IpRange, address: IpAddress): boolean {
  const { words, bits, version } = range;
  if (version !== address.version) return false;
  if (version === 4) return maskWord(address.words[3], bits) === words[3];
  const [a, b, c, d] = address.words;
  return (
    maskWord(a, bits) === words[0] &&
    maskWord(b, bits - 32) === words[1] &&
    maskWord(c, bits - 64) === words[2] &&
    maskWord(d, bits - 96) === words[3]
  );
}
